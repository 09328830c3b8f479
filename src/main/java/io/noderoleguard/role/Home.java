package io.noderoleguard.role;

import java.util.Optional;

/**
 * Where the guard runs, which says what to expect of a role before it is read.
 *
 * @param account the account's ID; empty when it is not known
 * @param region the Region's ID; empty when it is not known
 */
public record Home(Partition partition, Optional<String> account, Optional<String> region) {

  /** A partition, and nothing more is known. */
  public static Home in(Partition partition) {
    return new Home(partition, Optional.empty(), Optional.empty());
  }

  /** Where a resource is by its ARN; empty when it is no ARN. */
  public static Optional<Home> ofArn(String arn) {
    String[] parts = arn.split(":", 6);
    return Partition.ofArn(arn)
        .map(
            partition ->
                parts.length < 6
                    ? in(partition)
                    : new Home(partition, stated(parts[4]), stated(parts[3])));
  }

  private static Optional<String> stated(String part) {
    return Optional.of(part).filter(text -> !text.isEmpty());
  }

  /** The ARN of a role of this account, if it is under that path. */
  public Optional<String> roleArn(String path, String roleName) {
    return account.map(
        id -> "arn:%s:iam::%s:role%s%s".formatted(partition.id(), id, path, roleName));
  }
}
