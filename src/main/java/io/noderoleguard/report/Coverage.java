package io.noderoleguard.report;

import java.util.List;

/**
 * The node roles of the clusters that nothing guards.
 *
 * @param unguarded by their ARNs
 * @param unreadEntries how many access entries of other principals were not read, each of which may
 *     be a node role's
 */
public record Coverage(List<UnguardedRole> unguarded, int unreadEntries) {

  private static final int MAX_NAMED = 5;

  /**
   * A node role that nothing guards.
   *
   * @param clusters those that use it
   * @param usedBy what uses it, in words
   */
  public record UnguardedRole(String roleArn, List<String> clusters, List<String> usedBy) {
    public UnguardedRole {
      clusters = List.copyOf(clusters);
      usedBy = List.copyOf(usedBy);
    }

    /** What is to be known of it, in a sentence. */
    public String message() {
      return "The role %s is used by %s of %s, and nothing guards it."
          .formatted(roleArn, String.join(", ", usedBy), String.join(", ", clusters));
    }
  }

  public Coverage {
    unguarded = List.copyOf(unguarded);
  }

  /** The roles in a sentence, the first of them by their names; empty when there is none. */
  String summary() {
    if (unguarded.isEmpty()) {
      return "";
    }
    List<String> names =
        unguarded.stream()
            .limit(MAX_NAMED)
            .map(role -> role.roleArn().substring(role.roleArn().lastIndexOf('/') + 1))
            .toList();
    int others = unguarded.size() - names.size();
    return "Nothing guards %d node role%s of the clusters: %s%s. "
        .formatted(
            unguarded.size(),
            unguarded.size() == 1 ? "" : "s",
            String.join(", ", names),
            others == 0 ? "" : " and %d more".formatted(others));
  }
}
