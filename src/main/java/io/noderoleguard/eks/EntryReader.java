package io.noderoleguard.eks;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.role.AccessEntry;
import io.noderoleguard.role.AccessEntry.Policy;
import io.noderoleguard.role.ClusterName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.AssociatedAccessPolicy;
import software.amazon.awssdk.services.eks.model.DescribeAccessEntryResponse;

/** Reads one access entry. */
final class EntryReader {

  private final EksClient client;
  private final ClusterName cluster;
  private final String principalArn;
  private final CallScope scope;

  EntryReader(EksClient client, ClusterName cluster, String principalArn, CallScope scope) {
    this.client = client;
    this.cluster = cluster;
    this.principalArn = principalArn;
    this.scope = scope;
  }

  Result<AccessEntry> read() {
    return call("eks:DescribeAccessEntry")
        .make(
            scope,
            within ->
                client.describeAccessEntry(
                    get ->
                        get.clusterName(cluster.name())
                            .principalArn(principalArn)
                            .overrideConfiguration(within)))
        .map(DescribeAccessEntryResponse::accessEntry)
        .then(entry -> policies(entry.type()).map(policies -> entry(entry, policies)));
  }

  private AccessEntry entry(
      software.amazon.awssdk.services.eks.model.AccessEntry entry, List<Policy> policies) {
    return new AccessEntry(
        cluster,
        entry.principalArn(),
        entry.accessEntryArn(),
        entry.type(),
        entry.username(),
        Set.copyOf(entry.kubernetesGroups()),
        entry.tags(),
        entry.createdAt(),
        policies);
  }

  /** Of the types of nodes, only Auto Mode's has any. */
  private Result<List<Policy>> policies(String type) {
    return type.equals(AccessEntry.AUTO_MODE)
        ? call("eks:ListAssociatedAccessPolicies")
            .list(
                scope,
                (token, within) ->
                    client.listAssociatedAccessPolicies(
                        list ->
                            list.clusterName(cluster.name())
                                .principalArn(principalArn)
                                .nextToken(token.orElse(null))
                                .overrideConfiguration(within)),
                page -> Optional.ofNullable(page.nextToken()),
                page -> page.associatedAccessPolicies().stream().map(EntryReader::policy).toList())
        : new Ok<>(List.of());
  }

  private static Policy policy(AssociatedAccessPolicy policy) {
    return new Policy(policy.policyArn(), policy.accessScope().namespaces());
  }

  private AwsCall call(String action) {
    return new AwsCall(
        action, "the access entry of %s in cluster %s".formatted(principalArn, cluster));
  }
}
