package io.noderoleguard.role;

import io.noderoleguard.json.Text;
import io.noderoleguard.role.Change.AssociateAccessPolicy;
import io.noderoleguard.role.Change.CreateAccessEntry;
import io.noderoleguard.role.Change.DeleteAccessEntry;
import io.noderoleguard.role.Cluster.Authentication;
import io.noderoleguard.role.Cluster.NodeGroup;
import io.noderoleguard.role.RoleState.Present;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The clusters' record of a role: nodes join by an access entry, which holds for the very role that
 * it was created for. It is compared after the role itself was repaired, cluster by cluster.
 */
public final class AccessEntries {

  private static final int MAX_MESSAGE = 300;

  private AccessEntries() {}

  /** An entry is older than the role, so that no node can join by it. */
  public record AccessEntryStale(AccessEntry entry, Instant roleCreatedAt) implements Finding {
    @Override
    public String message() {
      return ("The access entry of the cluster %s is from %s and the role from %s: it is that of an"
              + " earlier role of the same ARN, and no new node can join.%s")
          .formatted(
              entry.cluster(),
              entry.createdAt(),
              roleCreatedAt,
              entry.isRestorable()
                  ? ""
                  : " It has access policies that the guard may not associate again, and is left"
                      + " alone.");
    }

    @Override
    public Map<String, String> details() {
      Map<String, String> details = new LinkedHashMap<>();
      details.put("cluster", entry.cluster().toString());
      details.put("accessEntryArn", entry.arn());
      details.put("accessEntryCreatedAt", entry.createdAt().toString());
      details.put("roleCreatedAt", roleCreatedAt.toString());
      details.put("previous", entry.json());
      return details;
    }

    @Override
    public List<Change> remedy(DesiredRole desired) {
      return List.copyOf(changes());
    }

    /** The changes that repair it, in order, each of which needs those before it. */
    public List<Change.OfAccessEntry> changes() {
      return entry.isRestorable()
          ? Stream.concat(
                  Stream.<Change.OfAccessEntry>of(
                      new DeleteAccessEntry(entry), new CreateAccessEntry(entry)),
                  entry.policies().stream().map(policy -> new AssociateAccessPolicy(entry, policy)))
              .toList()
          : List.of();
    }
  }

  /**
   * The role is used by a cluster that recognises roles by access entries alone, and has none for
   * it: left alone, since EKS or the owner creates it.
   *
   * @param usedBy what uses the role, in words
   */
  public record AccessEntryMissing(ClusterName cluster, List<String> usedBy) implements Finding {
    public AccessEntryMissing {
      usedBy = List.copyOf(usedBy);
    }

    @Override
    public String message() {
      return ("The cluster %s has no access entry for the role, which its %s uses: no node can join."
              + " EKS or the cluster's owner creates it; the guard leaves that alone.")
          .formatted(cluster, String.join(", ", usedBy));
    }

    @Override
    public Map<String, String> details() {
      return Map.of("cluster", cluster.toString(), "usedBy", String.join(", ", usedBy));
    }
  }

  /** The entry's staleness, if it is one of nodes and of an earlier role. */
  public static Optional<AccessEntryStale> stale(Present role, AccessEntry entry) {
    return entry.isOfNodes() && entry.isOlderThan(role)
        ? Optional.of(new AccessEntryStale(entry, role.createdAt()))
        : Optional.empty();
  }

  /** The lack of an entry that the cluster's node groups or Auto Mode need. */
  public static Optional<AccessEntryMissing> missing(Present role, Cluster cluster) {
    Set<String> usedBy = cluster.uses().getOrDefault(role.arn(), Set.of());
    return cluster.authentication() == Authentication.API
            && !usedBy.isEmpty()
            && !cluster.principalArns().contains(role.arn())
        ? Optional.of(new AccessEntryMissing(cluster.name(), List.copyOf(usedBy)))
        : Optional.empty();
  }

  /** What the cluster says of the role although nothing differs. */
  public static List<Note> notes(Present role, Cluster cluster) {
    Stream<Note> mode =
        cluster.authentication() == Authentication.CONFIG_MAP
                && cluster.uses().containsKey(role.arn())
            ? Stream.of(new Note.ClusterUsesConfigMap(cluster.name()))
            : Stream.empty();
    return Stream.concat(mode, issues(role, cluster)).toList();
  }

  private static Stream<Note> issues(Present role, Cluster cluster) {
    return cluster.nodeGroups().stream()
        .filter(group -> group.roleArn().equals(role.arn()))
        .flatMap(group -> issues(cluster.name(), group));
  }

  private static Stream<Note> issues(ClusterName cluster, NodeGroup group) {
    return group.issues().stream()
        .map(
            issue ->
                new Note.NodeGroupUnhealthy(
                    cluster,
                    group.name(),
                    issue.code(),
                    Text.cut(Text.plain(issue.message()), MAX_MESSAGE)));
  }
}
