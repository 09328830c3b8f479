package io.noderoleguard.eks;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.eks.model.AccessEntry;
import software.amazon.awssdk.services.eks.model.AssociateAccessPolicyResponse;
import software.amazon.awssdk.services.eks.model.Cluster;
import software.amazon.awssdk.services.eks.model.CreateAccessEntryResponse;
import software.amazon.awssdk.services.eks.model.DeleteAccessEntryResponse;
import software.amazon.awssdk.services.eks.model.DescribeAccessEntryResponse;
import software.amazon.awssdk.services.eks.model.DescribeClusterResponse;
import software.amazon.awssdk.services.eks.model.DescribeNodegroupResponse;
import software.amazon.awssdk.services.eks.model.EksResponse;
import software.amazon.awssdk.services.eks.model.ListAccessEntriesResponse;
import software.amazon.awssdk.services.eks.model.ListAssociatedAccessPoliciesResponse;
import software.amazon.awssdk.services.eks.model.ListClustersResponse;
import software.amazon.awssdk.services.eks.model.ListNodegroupsResponse;
import software.amazon.awssdk.services.eks.model.Nodegroup;

/**
 * The members that EKS's responses always have, as the <a
 * href="https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html">API reference</a>
 * shows them, and without which the guard could not tell what is there from what is not, or could
 * not create an entry again as it was.
 */
final class ExpectedMembers {

  private ExpectedMembers() {}

  /** The first member that a response should have and does not. */
  static Optional<String> missingFrom(SdkResponse response) {
    if (!(response instanceof EksResponse eks)
        || eks.responseMetadata().requestId().equals("UNKNOWN")) {
      return Optional.of("RequestId");
    }
    return switch (eks) {
      case ListClustersResponse list -> listed("clusters", list.hasClusters());
      case ListNodegroupsResponse list -> listed("nodegroups", list.hasNodegroups());
      case ListAccessEntriesResponse list -> listed("accessEntries", list.hasAccessEntries());
      case ListAssociatedAccessPoliciesResponse list ->
          first(
              Stream.concat(
                  Stream.of(listed("associatedAccessPolicies", list.hasAssociatedAccessPolicies())),
                  list.associatedAccessPolicies().stream()
                      .flatMap(
                          policy ->
                              Stream.of(
                                  missing("policyArn", policy.policyArn()),
                                  missing("accessScope", policy.accessScope())))));
      case DescribeClusterResponse get -> missingFrom(get.cluster());
      case DescribeNodegroupResponse get -> missingFrom(get.nodegroup());
      case DescribeAccessEntryResponse get -> missingFrom(get.accessEntry());
      case CreateAccessEntryResponse create -> missing("accessEntry", create.accessEntry());
      case AssociateAccessPolicyResponse _, DeleteAccessEntryResponse _ -> Optional.empty();
      default ->
          throw new IllegalStateException(
              "It is not stated which members a %s has".formatted(eks.getClass().getSimpleName()));
    };
  }

  private static Optional<String> missingFrom(@Nullable Cluster cluster) {
    return cluster == null ? Optional.of("cluster") : missing("status", cluster.status());
  }

  private static Optional<String> missingFrom(@Nullable Nodegroup nodegroup) {
    return nodegroup == null ? Optional.of("nodegroup") : missing("nodeRole", nodegroup.nodeRole());
  }

  private static Optional<String> missingFrom(@Nullable AccessEntry entry) {
    return entry == null
        ? Optional.of("accessEntry")
        : first(
            Stream.of(
                missing("principalArn", entry.principalArn()),
                missing("accessEntryArn", entry.accessEntryArn()),
                missing("type", entry.type()),
                missing("username", entry.username()),
                missing("createdAt", entry.createdAt())));
  }

  private static Optional<String> listed(String member, boolean isThere) {
    return isThere ? Optional.empty() : Optional.of(member);
  }

  private static Optional<String> missing(String member, @Nullable Object value) {
    return value == null ? Optional.of(member) : Optional.empty();
  }

  private static Optional<String> first(Stream<Optional<String>> missing) {
    return missing.flatMap(Optional::stream).findFirst();
  }
}
