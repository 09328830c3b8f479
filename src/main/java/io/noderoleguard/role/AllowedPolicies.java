package io.noderoleguard.role;

import io.noderoleguard.policy.Wildcards;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a role may have beyond what is required, in the owner's words: the name of an AWS managed
 * policy, a policy's ARN, or {@code inline:NAME}; in each, {@code *} stands for any characters or
 * none and {@code ?} for just one.
 *
 * <p>A name without {@code arn:} is that of an AWS managed policy and no other: whoever may create
 * policies could else give one an allowed name.
 */
public record AllowedPolicies(List<String> entries) {

  private static final String INLINE = "inline:";
  private static final Pattern INLINE_NAME = Pattern.compile("[A-Za-z0-9_+=,.@*?-]{1,128}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_+=,.@/*?-]{1,640}");
  private static final Pattern ARN =
      Pattern.compile("arn:[a-z*?-]{1,30}:iam::[a-z0-9*?]{1,12}:policy/[!-~]{1,640}");

  public AllowedPolicies {
    entries = List.copyOf(entries);
  }

  /** What is wrong with an entry, as a clause that says what is accepted. */
  static Optional<String> problemWith(String entry) {
    boolean accepted =
        entry.startsWith(INLINE)
            ? INLINE_NAME.matcher(entry.substring(INLINE.length())).matches()
            : (entry.startsWith("arn:") ? ARN : NAME).matcher(entry).matches();
    return accepted
        ? Optional.empty()
        : Optional.of(
            ("\"%s\" names no policy: the name of an AWS managed policy is accepted"
                    + " (AmazonSSMManagedInstanceCore), a policy's ARN"
                    + " (arn:aws:iam::123456789012:policy/Name) or inline:NAME, with * and ? in it")
                .formatted(entry));
  }

  boolean allowsManaged(String policyArn) {
    Optional<String> awsOwn = nameIfAwsOwn(policyArn);
    return entries.stream()
        .filter(entry -> !entry.startsWith(INLINE))
        .anyMatch(
            entry ->
                entry.startsWith("arn:")
                    ? Wildcards.match(entry, policyArn)
                    : awsOwn.filter(name -> Wildcards.match(entry, name)).isPresent());
  }

  /** Whether an inline policy of that name is allowed. */
  public boolean allowsInline(String policyName) {
    return entries.stream()
        .filter(entry -> entry.startsWith(INLINE))
        .anyMatch(entry -> Wildcards.match(entry.substring(INLINE.length()), policyName));
  }

  /** With its path, if it has one: {@code service-role/Name}; empty when it is a customer's. */
  private static Optional<String> nameIfAwsOwn(String policyArn) {
    String[] parts = policyArn.split(":", 6);
    return parts.length == 6 && parts[4].equals("aws") && parts[5].startsWith("policy/")
        ? Optional.of(parts[5].substring("policy/".length()))
        : Optional.empty();
  }
}
