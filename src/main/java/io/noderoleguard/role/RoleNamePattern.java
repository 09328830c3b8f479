package io.noderoleguard.role;

import io.noderoleguard.policy.Wildcards;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pattern of role names with IAM's own wildcards, so that the same text serves in the ARN of a
 * permission: {@code *} stands for any characters or none, {@code ?} for just one. See <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html">Resource</a>.
 *
 * @param text the pattern as it was written
 */
public record RoleNamePattern(String text) {

  private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9_+=,.@*?-]{1,64}");
  private static final Pattern MATCHES_EVERYTHING = Pattern.compile("[*?]*");

  static boolean isPattern(String text) {
    return text.contains("*") || text.contains("?");
  }

  static Optional<String> problemWith(String text) {
    if (MATCHES_EVERYTHING.matcher(text).matches()) {
      return Optional.of(
          ("\"%s\" would match every role of the account, and give all of them what nodes need: a"
                  + " pattern with at least one letter, digit or _+=,.@- is accepted")
              .formatted(text));
    }
    return ACCEPTED.matcher(text).matches()
        ? Optional.empty()
        : Optional.of(
            ("\"%s\" is not a pattern of role names: 1 to 64 letters, digits, _+=,.@- and the"
                    + " wildcards * and ? are accepted")
                .formatted(text));
  }

  /** Whether a role name matches, in the same letter case. */
  public boolean matches(String roleName) {
    return Wildcards.match(text, roleName);
  }
}
