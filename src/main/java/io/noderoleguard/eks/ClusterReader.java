package io.noderoleguard.eks;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.AwsProblem.Kind;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.role.Cluster;
import io.noderoleguard.role.Cluster.Authentication;
import io.noderoleguard.role.Cluster.NodeGroup;
import io.noderoleguard.role.ClusterName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.AccessConfigResponse;
import software.amazon.awssdk.services.eks.model.ClusterStatus;
import software.amazon.awssdk.services.eks.model.ComputeConfigResponse;
import software.amazon.awssdk.services.eks.model.DescribeClusterResponse;
import software.amazon.awssdk.services.eks.model.Nodegroup;
import software.amazon.awssdk.services.eks.model.NodegroupHealth;

/** Reads one cluster. */
final class ClusterReader {

  /** The most that EKS gives at once. */
  static final int PAGE_SIZE = 100;

  // https://docs.aws.amazon.com/eks/latest/APIReference/API_Issue.html: those that a role, its
  // policies or its profile may be the reason for
  private static final Set<String> ISSUES_WITH_IAM =
      Set.of(
          "AccessDenied",
          "AsgInstanceLaunchFailures",
          "IamInstanceProfileNotFound",
          "IamLimitExceeded",
          "IamNodeRoleNotFound",
          "IamThrottling",
          "NodeCreationFailure");

  private static final Set<ClusterStatus> READY =
      Set.of(ClusterStatus.ACTIVE, ClusterStatus.UPDATING);

  private final EksClient client;
  private final ClusterName name;
  private final CallScope scope;

  ClusterReader(EksClient client, ClusterName name, CallScope scope) {
    this.client = client;
    this.name = name;
    this.scope = scope;
  }

  Result<Cluster> read() {
    return call("eks:DescribeCluster")
        .make(
            scope,
            within ->
                client.describeCluster(get -> get.name(name.name()).overrideConfiguration(within)))
        .map(DescribeClusterResponse::cluster)
        .then(this::read);
  }

  private Result<Cluster> read(software.amazon.awssdk.services.eks.model.Cluster found) {
    Authentication authentication = authentication(found.accessConfig());
    Optional<String> autoModeRole = autoModeRole(found.computeConfig());
    if (!READY.contains(found.status())) {
      // It comes or goes, and has no nodes that could join.
      return new Ok<>(new Cluster(name, authentication, Optional.empty(), List.of(), Set.of()));
    }
    Result<List<String>> principals =
        authentication == Authentication.CONFIG_MAP ? new Ok<>(List.of()) : principals();
    return principals.then(
        arns ->
            nodeGroups()
                .map(
                    groups ->
                        new Cluster(name, authentication, autoModeRole, groups, Set.copyOf(arns))));
  }

  private static Authentication authentication(@Nullable AccessConfigResponse access) {
    // A cluster from before there were access entries says nothing.
    return access == null || access.authenticationMode() == null
        ? Authentication.CONFIG_MAP
        : switch (access.authenticationMode()) {
          case API -> Authentication.API;
          case API_AND_CONFIG_MAP -> Authentication.API_AND_CONFIG_MAP;
          case CONFIG_MAP -> Authentication.CONFIG_MAP;
          // A mode of tomorrow: what can be found by entries is found by them.
          case UNKNOWN_TO_SDK_VERSION -> Authentication.API_AND_CONFIG_MAP;
        };
  }

  private static Optional<String> autoModeRole(@Nullable ComputeConfigResponse compute) {
    return compute != null && Boolean.TRUE.equals(compute.enabled())
        ? Optional.ofNullable(compute.nodeRoleArn())
        : Optional.empty();
  }

  private Result<List<String>> principals() {
    return call("eks:ListAccessEntries")
        .list(
            scope,
            (token, within) ->
                client.listAccessEntries(
                    list ->
                        list.clusterName(name.name())
                            .nextToken(token.orElse(null))
                            .maxResults(PAGE_SIZE)
                            .overrideConfiguration(within)),
            page -> Optional.ofNullable(page.nextToken()),
            page -> page.accessEntries());
  }

  private Result<List<NodeGroup>> nodeGroups() {
    return call("eks:ListNodegroups")
        .list(
            scope,
            (token, within) ->
                client.listNodegroups(
                    list ->
                        list.clusterName(name.name())
                            .nextToken(token.orElse(null))
                            .maxResults(PAGE_SIZE)
                            .overrideConfiguration(within)),
            page -> Optional.ofNullable(page.nextToken()),
            page -> page.nodegroups())
        .then(this::nodeGroups);
  }

  private Result<List<NodeGroup>> nodeGroups(List<String> names) {
    List<NodeGroup> groups = new ArrayList<>();
    for (String group : names) {
      switch (nodeGroup(group)) {
        case Ok<NodeGroup>(var found) -> groups.add(found);
        case Failed<NodeGroup>(var problem) when problem.kind() == Kind.NOT_FOUND -> {
          // It was deleted since it was listed.
        }
        case Failed<NodeGroup>(var problem) -> {
          return new Failed<>(problem);
        }
      }
    }
    return new Ok<>(groups);
  }

  private Result<NodeGroup> nodeGroup(String group) {
    return new AwsCall("eks:DescribeNodegroup", "node group %s of %s".formatted(group, name))
        .make(
            scope,
            within ->
                client.describeNodegroup(
                    get ->
                        get.clusterName(name.name())
                            .nodegroupName(group)
                            .overrideConfiguration(within)))
        .map(response -> nodeGroup(group, response.nodegroup()));
  }

  private static NodeGroup nodeGroup(String name, Nodegroup found) {
    return new NodeGroup(
        name,
        found.nodeRole(),
        Optional.ofNullable(found.health()).map(NodegroupHealth::issues).stream()
            .flatMap(List::stream)
            .filter(issue -> ISSUES_WITH_IAM.contains(issue.codeAsString()))
            .map(
                issue ->
                    new NodeGroup.Issue(
                        issue.codeAsString(), Optional.ofNullable(issue.message()).orElse("")))
            .toList());
  }

  private AwsCall call(String action) {
    return new AwsCall(action, "cluster " + name);
  }
}
