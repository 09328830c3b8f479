package io.noderoleguard.role;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a cluster of EKS says of the roles of its nodes.
 *
 * @param authentication how it recognises roles
 * @param autoModeRoleArn the role of the nodes that Auto Mode makes, where it is on
 * @param principalArns of its access entries, whatever their type
 */
public record Cluster(
    ClusterName name,
    Authentication authentication,
    Optional<String> autoModeRoleArn,
    List<NodeGroup> nodeGroups,
    Set<String> principalArns) {

  /**
   * How a cluster recognises roles. See <a
   * href="https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html">authentication
   * modes</a>.
   */
  public enum Authentication {
    /** By access entries alone. */
    API,
    /** By access entries, and by the ConfigMap aws-auth. */
    API_AND_CONFIG_MAP,
    /** By the ConfigMap aws-auth alone, which holds ARNs. */
    CONFIG_MAP
  }

  /** A managed node group, and what is wrong with it because of IAM. */
  public record NodeGroup(String name, String roleArn, List<Issue> issues) {
    public NodeGroup {
      issues = List.copyOf(issues);
    }

    /** An issue, by EKS's code and in its words. */
    public record Issue(String code, String message) {}
  }

  public Cluster {
    nodeGroups = List.copyOf(nodeGroups);
    principalArns = Set.copyOf(principalArns);
  }

  /** What uses each role, in words, apart from access entries; by the role's ARN. */
  public Map<String, Set<String>> uses() {
    Map<String, Set<String>> uses = new TreeMap<>();
    nodeGroups.forEach(
        group ->
            uses.computeIfAbsent(group.roleArn(), _ -> new TreeSet<>())
                .add("node group " + group.name()));
    autoModeRoleArn.ifPresent(
        role -> uses.computeIfAbsent(role, _ -> new TreeSet<>()).add("Auto Mode"));
    return uses;
  }
}
