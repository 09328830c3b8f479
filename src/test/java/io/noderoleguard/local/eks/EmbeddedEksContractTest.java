package io.noderoleguard.local.eks;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.IamAccount;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.eks.model.AccessEntry;
import software.amazon.awssdk.services.eks.model.AccessScopeType;
import software.amazon.awssdk.services.eks.model.AssociatedAccessPolicy;
import software.amazon.awssdk.services.eks.model.AuthenticationMode;
import software.amazon.awssdk.services.eks.model.EksException;

/** The contract on ours, and what others lack: access entries, Auto Mode and health. */
final class EmbeddedEksContractTest extends EksContractTest {

  private static final String REGION = "us-east-1";
  private static final String TRUST =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
      "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

  private final IamAccount iam = new IamAccount("aws", "123456789012");
  private final EmbeddedEks server = EmbeddedEks.start(iam);
  private final String role = iam.createRole("Nodes", "/eks/", TRUST).arn();

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  URI endpoint() {
    return server.endpoint();
  }

  @Override
  void arrange(String nodeRole, String... nodegroups) {
    server.account().createCluster(REGION, name, "API");
    for (String group : nodegroups) {
      server.account().putNodegroup(REGION, name, new EksNodegroup(group, nodeRole, List.of()));
    }
  }

  private AccessEntry create(String type) {
    return eks.createAccessEntry(
            create ->
                create
                    .clusterName(name)
                    .principalArn(role)
                    .type(type)
                    .tags(Map.of("team", "nodes")))
        .accessEntry();
  }

  private AccessEntry describe() {
    return eks.describeAccessEntry(get -> get.clusterName(name).principalArn(role)).accessEntry();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # type,         username
          EC2_LINUX,      system:node:{{EC2PrivateDNSName}}
          EC2_WINDOWS,    system:node:{{EC2PrivateDNSName}}
          EC2,            system:node:{{EC2PrivateDNSName}}
          FARGATE_LINUX,  system:node:{{SessionName}}
          HYBRID_LINUX,   system:node:{{SessionName}}
          """)
  void anEntryOfANodeTypeGetsItsUsernameAndGroupFromEks(String type, String username) {
    arrange(role);
    Instant before = Instant.now().minusSeconds(1);

    AccessEntry created = create(type);

    assertThat(created).isEqualTo(describe());
    assertThat(created.username()).isEqualTo(username);
    assertThat(created.type()).isEqualTo(type);
    assertThat(created.kubernetesGroups()).containsExactly("system:nodes");
    assertThat(created.tags()).isEqualTo(Map.of("team", "nodes"));
    assertThat(created.createdAt()).isBetween(before, Instant.now());
    assertThat(created.accessEntryArn())
        .startsWith("arn:aws:eks:us-east-1:123456789012:access-entry/" + name)
        .contains("/role/123456789012/Nodes/");
    assertThat(eks.listAccessEntries(list -> list.clusterName(name)).accessEntries())
        .containsExactly(role);
  }

  @Test
  void anEntryIsDeletedAndNoLongerFound() {
    arrange(role);
    create("EC2_LINUX");

    eks.deleteAccessEntry(delete -> delete.clusterName(name).principalArn(role));

    assertRefused(this::describe, 404, "ResourceNotFoundException");
    assertRefused(
        () -> eks.deleteAccessEntry(delete -> delete.clusterName(name).principalArn(role)),
        404,
        "ResourceNotFoundException");
  }

  @Test
  void whatMayNotBeCreatedIsRefused() {
    arrange(role);
    create("EC2_LINUX");

    assertRefused(() -> create("EC2_LINUX"), 409, "ResourceInUseException");
    assertRefused(
        () ->
            eks.createAccessEntry(
                create -> create.clusterName(name).principalArn(role + "-none").type("EC2_LINUX")),
        400,
        "InvalidParameterException");
    assertRefused(
        () ->
            eks.createAccessEntry(
                create ->
                    create
                        .clusterName(name)
                        .principalArn(role)
                        .type("EC2_LINUX")
                        .username("system:node:{{EC2PrivateDNSName}}")),
        400,
        "InvalidParameterException");
    server.account().createCluster(REGION, "old", "CONFIG_MAP");
    assertRefused(
        () -> eks.listAccessEntries(list -> list.clusterName("old")),
        400,
        "InvalidRequestException");
  }

  @Test
  void onlyAnEntryOfAutoModeTakesItsPolicy() {
    arrange(role);
    create("EC2");

    eks.associateAccessPolicy(
        associate ->
            associate
                .clusterName(name)
                .principalArn(role)
                .policyArn(EksAccount.AUTO_NODE_POLICY)
                .accessScope(scope -> scope.type(AccessScopeType.CLUSTER)));

    List<AssociatedAccessPolicy> policies =
        eks.listAssociatedAccessPolicies(list -> list.clusterName(name).principalArn(role))
            .associatedAccessPolicies();
    assertThat(policies).hasSize(1);
    assertThat(policies.getFirst().policyArn()).isEqualTo(EksAccount.AUTO_NODE_POLICY);
    assertThat(policies.getFirst().accessScope().type()).isEqualTo(AccessScopeType.CLUSTER);
    assertRefused(
        () ->
            eks.associateAccessPolicy(
                associate ->
                    associate
                        .clusterName(name)
                        .principalArn(role)
                        .policyArn("arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy")
                        .accessScope(scope -> scope.type(AccessScopeType.CLUSTER))),
        400,
        "InvalidRequestException");
  }

  @Test
  void anEntryAdmitsTheRoleThatItWasCreatedForAndNoLaterOne() {
    arrange(role);
    create("EC2_LINUX");
    assertThat(server.account().admits(REGION, name, role)).isTrue();

    iam.deleteRoleAndWhatItHas("Nodes");
    iam.createRole("Nodes", "/eks/", TRUST);

    assertThat(server.account().admits(REGION, name, role)).isFalse();
    assertThat(describe().principalArn()).isEqualTo(role);
    eks.deleteAccessEntry(delete -> delete.clusterName(name).principalArn(role));
    create("EC2_LINUX");
    assertThat(server.account().admits(REGION, name, role)).isTrue();
  }

  @Test
  void entriesComeInPagesOfAHundred() {
    arrange(role);
    for (int i = 0; i < 101; i++) {
      server
          .account()
          .createEntry(
              REGION,
              name,
              "arn:aws:iam::123456789012:user/u%03d".formatted(i),
              "STANDARD",
              Map.of());
    }

    List<String> sizes = new ArrayList<>();
    eks.listAccessEntriesPaginator(list -> list.clusterName(name))
        .forEach(page -> sizes.add(String.valueOf(page.accessEntries().size())));

    assertThat(sizes).containsExactly("100", "1");
    assertThat(eks.listAccessEntriesPaginator(list -> list.clusterName(name)).accessEntries())
        .hasSize(101)
        .doesNotHaveDuplicates();
  }

  @Test
  void theModeAutoModeAndTheHealthAreDescribed() {
    arrange(role);
    server.account().autoMode(REGION, name, role);
    server
        .account()
        .putNodegroup(
            REGION,
            name,
            new EksNodegroup(
                "sick",
                role,
                List.of(new EksNodegroup.Issue("IamNodeRoleNotFound", "It is gone."))));

    var cluster = eks.describeCluster(get -> get.name(name)).cluster();
    var group =
        eks.describeNodegroup(get -> get.clusterName(name).nodegroupName("sick")).nodegroup();

    assertThat(cluster.accessConfig().authenticationMode()).isEqualTo(AuthenticationMode.API);
    assertThat(cluster.computeConfig().enabled()).isTrue();
    assertThat(cluster.computeConfig().nodeRoleArn()).isEqualTo(role);
    assertThat(group.health().issues().getFirst().codeAsString()).isEqualTo("IamNodeRoleNotFound");
  }

  @Test
  void nothingIsListedOfAClusterThatDoesNotExist() {
    assertRefused(
        () -> eks.listNodegroups(list -> list.clusterName("nowhere")),
        404,
        "ResourceNotFoundException");
    assertRefused(
        () -> eks.listAccessEntries(list -> list.clusterName("nowhere")),
        404,
        "ResourceNotFoundException");
  }

  @Test
  void readsMayLagBehindWrites() {
    arrange(role);
    server.staleReads(2);
    create("EC2_LINUX");

    assertRefused(this::describe, 404, "ResourceNotFoundException");
    assertRefused(this::describe, 404, "ResourceNotFoundException");
    assertThat(describe().principalArn()).isEqualTo(role);
  }

  @Test
  void aFaultIsAnsweredAsEksWouldAndTheCallIsRecorded() {
    arrange(role);
    server.faults().first(1, "CreateAccessEntry", Fault.refused(EksError.invalidPrincipal()));

    EksException refusal =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            EksException.class, () -> create("EC2_LINUX"));

    assertThat(refusal.awsErrorDetails().errorMessage()).contains("invalid principal");
    assertThat(refusal.requestId()).isNotEmpty();
    create("EC2_LINUX");
    assertThat(server.writes()).hasSize(2);
    assertThat(server.writes().getFirst().toString())
        .contains("CreateAccessEntry", name, "us-east-1", role);
    assertThat(server.counts()).containsEntry("CreateAccessEntry", 2L);
  }
}
