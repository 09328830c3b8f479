package io.noderoleguard.local.eks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.Cluster;
import software.amazon.awssdk.services.eks.model.EksException;
import software.amazon.awssdk.services.eks.model.ListNodegroupsResponse;
import software.amazon.awssdk.services.eks.model.Nodegroup;

/**
 * What every EKS must do that stands in for the real one, through the AWS SDK. Run on ours and, as
 * far as it goes, on another's.
 */
abstract class EksContractTest {

  final String name = "prod-" + UUID.randomUUID().toString().substring(0, 8);
  EksClient eks;

  abstract URI endpoint();

  /** Makes a cluster with these node groups. */
  abstract void arrange(String nodeRole, String... nodegroups);

  static EksClient client(URI endpoint, Region region) {
    return EksClient.builder()
        .endpointOverride(endpoint)
        .region(region)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  @BeforeEach
  void openClient() {
    eks = client(endpoint(), Region.US_EAST_1);
  }

  @AfterEach
  void closeClient() {
    eks.close();
  }

  /** Whether refusals have EKS's codes, and not only its statuses. */
  boolean hasCodes() {
    return true;
  }

  void assertRefused(ThrowingCallable call, int status, String code) {
    EksException refusal = catchThrowableOfType(EksException.class, call);
    assertThat(refusal).as("the refusal").isNotNull();
    assertThat(refusal.statusCode()).isEqualTo(status);
    if (hasCodes()) {
      assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code);
    }
  }

  @Test
  void aClusterIsListedAndDescribedInItsRegionOnly() {
    arrange("arn:aws:iam::123456789012:role/Nodes");

    assertThat(eks.listClustersPaginator().clusters()).contains(name);
    Cluster cluster = eks.describeCluster(get -> get.name(name)).cluster();
    assertThat(cluster.name()).isEqualTo(name);
    assertThat(cluster.statusAsString()).isEqualTo("ACTIVE");
    assertThat(cluster.arn()).isEqualTo("arn:aws:eks:us-east-1:123456789012:cluster/" + name);
    try (EksClient elsewhere = client(endpoint(), Region.EU_WEST_1)) {
      assertThat(elsewhere.listClusters().clusters()).doesNotContain(name);
    }
  }

  @Test
  void aNodeGroupNamesItsRole() {
    arrange("arn:aws:iam::123456789012:role/Nodes", "blue");

    Nodegroup group =
        eks.describeNodegroup(get -> get.clusterName(name).nodegroupName("blue")).nodegroup();

    assertThat(group.nodeRole()).isEqualTo("arn:aws:iam::123456789012:role/Nodes");
    assertThat(group.nodegroupName()).isEqualTo("blue");
  }

  @Test
  void nodeGroupsComeInPages() {
    arrange("arn:aws:iam::123456789012:role/Nodes", "a", "b", "c");

    ListNodegroupsResponse first = eks.listNodegroups(list -> list.clusterName(name).maxResults(2));
    ListNodegroupsResponse second =
        eks.listNodegroups(
            list -> list.clusterName(name).maxResults(2).nextToken(first.nextToken()));

    assertThat(first.nodegroups()).containsExactly("a", "b");
    assertThat(second.nodegroups()).containsExactly("c");
    assertThat(second.nextToken()).isNull();
  }

  @Test
  void whatDoesNotExistIsNotFound() {
    assertRefused(
        () -> eks.describeCluster(get -> get.name("nowhere")), 404, "ResourceNotFoundException");
    arrange("arn:aws:iam::123456789012:role/Nodes");
    assertRefused(
        () -> eks.describeNodegroup(get -> get.clusterName(name).nodegroupName("none")),
        404,
        "ResourceNotFoundException");
  }
}
