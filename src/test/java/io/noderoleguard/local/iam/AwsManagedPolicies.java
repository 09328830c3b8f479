package io.noderoleguard.local.iam;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The managed policies of AWS that a node role may meet: a file of each, under its path.
 *
 * @see <a href="https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html">
 *     the whole list</a>
 */
final class AwsManagedPolicies {

  private static final Pattern NAME_WITH_PATH = Pattern.compile("[\\w+=,.@-]+(/[\\w+=,.@-]+)*");

  private AwsManagedPolicies() {}

  /** Whether there is such a policy, by what follows {@code policy/} in its ARN. */
  static boolean contains(String resource) {
    return document(resource).isPresent();
  }

  /** What it says in the {@code aws} partition. */
  static Optional<String> document(String resource) {
    if (!NAME_WITH_PATH.matcher(resource).matches()) {
      return Optional.empty();
    }
    try (@Nullable InputStream file =
        AwsManagedPolicies.class.getResourceAsStream("policies/" + resource + ".json")) {
      return file == null
          ? Optional.empty()
          : Optional.of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it belongs to service-linked roles, so that no other role can have it. */
  static boolean isForServiceLinkedRoles(String resource) {
    return resource.startsWith("aws-service-role/");
  }
}
