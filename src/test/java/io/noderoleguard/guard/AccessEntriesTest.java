package io.noderoleguard.guard;

import static io.noderoleguard.guard.ClusterRig.ARN;
import static io.noderoleguard.guard.ClusterRig.CLUSTER;
import static io.noderoleguard.guard.ClusterRig.NAME;
import static io.noderoleguard.guard.ClusterRig.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noderoleguard.local.eks.EksEntry;
import io.noderoleguard.local.eks.EksError;
import io.noderoleguard.local.eks.EksNodegroup;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.ChangeResult.Outcome;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.Note;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the clusters' access entries of a role that was recreated. */
final class AccessEntriesTest {

  private final ClusterRig rig = new ClusterRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private static List<String> findings(RoleReport report) {
    return report.findings().stream().map(Finding::type).toList();
  }

  private static List<String> changes(RoleReport report) {
    return report.changes().stream()
        .map(change -> change.change().type() + " " + change.outcome())
        .toList();
  }

  @Test
  void anEntryOfTheRoleThatExistsIsLeftAlone() {
    rig.withEntry("EC2_LINUX");

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.eks.counts())
        .isEqualTo(
            Map.of(
                "ListClusters", 1L,
                "DescribeCluster", 1L,
                "ListAccessEntries", 1L,
                "ListNodegroups", 1L,
                "DescribeAccessEntry", 1L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX"})
  void anEntryOfARecreatedRoleIsReplacedByOneLikeIt(String type) {
    rig.withEntry(type).recreateRole();
    EksEntry before = rig.clusters().entry(REGION, CLUSTER, ARN);
    assertThat(rig.canJoin()).isFalse();

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(findings(report)).containsExactly("AccessEntryStale");
    assertThat(changes(report))
        .containsExactly("DeleteAccessEntry APPLIED", "CreateAccessEntry APPLIED");
    assertThat(report.remaining()).isEmpty();
    assertThat(rig.canJoin()).isTrue();
    EksEntry after = rig.clusters().entry(REGION, CLUSTER, ARN);
    assertThat(after.type()).isEqualTo(type);
    assertThat(after.username()).isEqualTo(before.username());
    assertThat(after.groups()).isEqualTo(before.groups());
    assertThat(after.tags()).isEqualTo(before.tags()).containsEntry("team", "nodes");

    assertThat(rig.repair().status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.writes()).isEmpty();
    assertThat(rig.iam.writes()).isEmpty();
  }

  @Test
  void anEntryOfAutoModeKeepsItsAccessPolicy() {
    rig.withEntry("EC2").recreateRole();
    EksEntry before = rig.clusters().entry(REGION, CLUSTER, ARN);

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(changes(report))
        .containsExactly(
            "DeleteAccessEntry APPLIED",
            "CreateAccessEntry APPLIED",
            "AssociateAccessPolicy APPLIED");
    assertThat(rig.clusters().entry(REGION, CLUSTER, ARN).policies()).isEqualTo(before.policies());
    assertThat(rig.canJoin()).isTrue();
  }

  @Test
  void aRoleThatTheGuardItselfRecreatesCanJoinInTheSameRun() {
    rig.withEntry("EC2_LINUX").forgetRole();

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(findings(report)).contains("RoleMissing", "AccessEntryStale");
    assertThat(rig.canJoin()).isTrue();
    assertThat(rig.repair().status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void aStandardEntryIsNeverTouched() {
    rig.withEntry("STANDARD").recreateRole();

    assertThat(rig.repair().status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void anAuditReportsAndChangesNothing() {
    rig.withEntry("EC2_LINUX").recreateRole();

    RoleReport report = rig.check(Mode.AUDIT, Duration.ofSeconds(30), CLUSTER).of(NAME);

    assertThat(report.status()).isEqualTo(Status.DRIFTED);
    assertThat(findings(report)).containsExactly("AccessEntryStale");
    assertThat(rig.writes()).isEmpty();
  }

  /** The whole of it, so that anyone can create it. */
  @Test
  void theReportHasTheEntryAsItWas() {
    rig.withEntry("EC2").recreateRole();
    EksEntry before = rig.clusters().entry(REGION, CLUSTER, ARN);

    RoleReport report = rig.repair();

    assertThat(report.findings().getFirst().details().get("previous"))
        .contains(
            "\"clusterName\":\"prod\"",
            "\"region\":\"us-east-1\"",
            "\"principalArn\":\"" + ARN + "\"",
            "\"accessEntryArn\":\"" + before.arn() + "\"",
            "\"type\":\"EC2\"",
            "\"username\":\"system:node:{{EC2PrivateDNSName}}\"",
            "\"kubernetesGroups\":[\"system:nodes\"]",
            "\"tags\":{\"team\":\"nodes\"}",
            "\"policyArn\":\"arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy\"");
  }

  @Test
  void aCreationThatFailsTwiceIsTriedAgain() {
    rig.withEntry("EC2_LINUX").recreateRole();
    rig.eks.faults().first(2, "CreateAccessEntry", Fault.refused(EksError.invalidPrincipal()));

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(rig.writes())
        .containsExactly(
            "DeleteAccessEntry", "CreateAccessEntry", "CreateAccessEntry", "CreateAccessEntry");
    assertThat(rig.canJoin()).isTrue();
  }

  @Test
  void aCreationThatNeverWorksIsTheLoudestFailure() {
    rig.withEntry("EC2_LINUX").recreateRole();
    rig.eks.faults().always("CreateAccessEntry", Fault.refused(EksError.invalidPrincipal()));

    Report whole = rig.check(Mode.REPAIR, Duration.ofSeconds(7), CLUSTER);
    RoleReport report = whole.of(NAME);

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(changes(report))
        .containsExactly("DeleteAccessEntry APPLIED", "CreateAccessEntry FAILED");
    assertThat(whole.failure(1_000))
        .startsWith("NodeInstanceRole: NO NODE CAN JOIN the cluster us-east-1/prod")
        .contains(
            "aws eks create-access-entry --region us-east-1 --cluster-name prod --principal-arn "
                + ARN
                + " --type EC2_LINUX")
        .contains("invalid principal");
    assertThat(report.findings().getFirst().details().get("previous")).contains(ARN);
    ChangeResult failed = report.changes().getLast();
    assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(failed.change().details().get("accessEntry")).contains("\"team\":\"nodes\"");
  }

  @Test
  void whatIsReportedWhenTheTimeIsUpInTheMiddleSaysThatTheEntryIsGone() {
    rig.withEntry("EC2_LINUX").recreateRole();
    rig.eks.faults().always("CreateAccessEntry", new Fault.NoAnswer());

    RoleReport report = rig.check(Mode.REPAIR, Duration.ofSeconds(6), CLUSTER).of(NAME);

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.explanation()).contains("NO NODE CAN JOIN");
  }

  @Test
  void atTheLastMomentNothingIsDeleted() {
    rig.withEntry("EC2_LINUX").recreateRole();

    RoleReport report = rig.check(Mode.REPAIR, Duration.ofSeconds(4), CLUSTER).of(NAME);

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.explanation()).contains("The access entry was not repaired: out of time.");
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void aDeletionThatIsRefusedLeavesAllAsItWas() {
    rig.withEntry("EC2_LINUX").recreateRole();
    rig.eks.faults().always("DeleteAccessEntry", new Fault.Denied());

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(changes(report))
        .containsExactly("DeleteAccessEntry FAILED", "CreateAccessEntry SKIPPED");
    assertThat(report.explanation())
        .contains("eks:DeleteAccessEntry", "is not authorized")
        .doesNotContain("NO NODE CAN JOIN");
    assertThat(rig.clusters().entry(REGION, CLUSTER, ARN)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"DeleteAccessEntry", "CreateAccessEntry", "AssociateAccessPolicy"})
  void aLostResponseIsFoundOut(String action) {
    rig.withEntry("EC2").recreateRole();
    rig.eks.faults().first(1, action, Fault.answerLost());

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(rig.canJoin()).isTrue();
    assertThat(rig.repair().status()).isEqualTo(Status.COMPLIANT);
  }

  /** It looks like a deletion of its own, of which only the response was lost. */
  @Test
  void anEntryThatSomeoneElseDeletesInThatMomentIsCreated() {
    rig.withEntry("EC2_LINUX").recreateRole();
    rig.eks
        .faults()
        .first(
            1,
            "DeleteAccessEntry",
            Fault.meanwhile(() -> rig.clusters().deleteEntry(REGION, CLUSTER, ARN)));

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(rig.canJoin()).isTrue();
  }

  @Test
  void anEntryThatSomeoneElseCreatesMeanwhileWillDo() {
    rig.withEntry("EC2_LINUX").recreateRole();
    rig.eks
        .faults()
        .first(
            1, "CreateAccessEntry", Fault.meanwhile(() -> rig.addEntry(CLUSTER, ARN, "EC2_LINUX")));

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(rig.canJoin()).isTrue();
  }

  @Test
  void nothingIsDeletedWhileTheRoleIsGone() {
    rig.withEntry("EC2_LINUX").recreateRole();
    rig.eks
        .faults()
        .first(
            1,
            "DescribeAccessEntry",
            Fault.meanwhile(() -> rig.iam.account().deleteRoleAndWhatItHas(NAME)));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.explanation()).contains("the role has changed meanwhile");
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void theNewEntryIsWaitedFor() {
    rig.withEntry("EC2").recreateRole();
    rig.eks.staleReads(3);

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(rig.canJoin()).isTrue();
  }

  @Test
  void anAccessPolicyThatTheGuardMayNotGiveIsNotTaken() {
    rig.withEntry("EC2").recreateRole();
    rig.eks
        .faults()
        .always(
            "ListAssociatedAccessPolicies",
            new Fault.Rewritten(body -> body.replace("AutoNodePolicy", "ClusterAdminPolicy")));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.DRIFTED);
    assertThat(report.explanation()).contains("may not associate again, and is left alone");
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void aClusterWithAConfigMapOnlyIsANote() {
    RightRole.addTo(rig.iam.account(), NAME, "/");
    rig.clusters().createCluster(REGION, "old", "CONFIG_MAP");
    rig.clusters().putNodegroup(REGION, "old", new EksNodegroup("blue", ARN, List.of()));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(report.notes().stream().map(Note::type)).containsExactly("ClusterUsesConfigMap");
    assertThat(rig.eks.counts()).doesNotContainKey("ListAccessEntries");
  }

  @ParameterizedTest
  @CsvSource({"API, DRIFTED", "API_AND_CONFIG_MAP, COMPLIANT"})
  void aMissingEntryIsLeftToOthers(String mode, Status status) {
    RightRole.addTo(rig.iam.account(), NAME, "/");
    rig.clusters().createCluster(REGION, CLUSTER, mode);
    rig.clusters().putNodegroup(REGION, CLUSTER, new EksNodegroup("blue", ARN, List.of()));
    rig.clusters().autoMode(REGION, CLUSTER, ARN);

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(status);
    assertThat(rig.writes()).isEmpty();
    if (status == Status.DRIFTED) {
      assertThat(report.findings().getFirst().message())
          .contains("has no access entry", "Auto Mode, node group blue");
    }
  }

  @Test
  void whatEksSaysOfANodeGroupsHealthIsNoted() {
    rig.withEntry("EC2_LINUX");
    rig.clusters()
        .putNodegroup(
            REGION,
            CLUSTER,
            new EksNodegroup(
                "blue",
                ARN,
                List.of(
                    new EksNodegroup.Issue("IamInstanceProfileNotFound", "No such profile."),
                    new EksNodegroup.Issue("Ec2SubnetNotFound", "Not about IAM."))));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(report.notes().stream().map(Note::message))
        .containsExactly(
            "EKS reports IamInstanceProfileNotFound of the node group blue of the cluster"
                + " us-east-1/prod: No such profile.");
  }

  @Test
  void aClusterThatDoesNotExistIsReported() {
    rig.withEntry("EC2_LINUX");

    Report report = rig.check(Mode.REPAIR, Duration.ofSeconds(30), "pord", "dev-*", CLUSTER);

    assertThat(report.status()).isEqualTo(Status.DRIFTED);
    assertThat(report.of("cluster us-east-1/pord").explanation()).contains("No cluster is called");
    assertThat(report.of("cluster dev-*").explanation()).contains("No cluster is called dev-*");
    assertThat(report.of(NAME).status()).isEqualTo(Status.COMPLIANT);
    assertThat(report.roles()).hasSize(3);
  }

  @Test
  void clustersOfOtherRegionsAreCheckedThere() {
    rig.withEntry("EC2_LINUX");
    rig.clusters().createCluster("eu-west-1", "west", "API");
    rig.clusters().createEntry("eu-west-1", "west", ARN, "EC2_LINUX", Map.of());
    rig.recreateRole();

    RoleReport report =
        rig.check(Mode.REPAIR, Duration.ofSeconds(30), "eu-west-1/w*", CLUSTER).of(NAME);

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(report.findings()).hasSize(2);
    assertThat(rig.canJoin()).isTrue();
    assertThat(rig.clusters().admits("eu-west-1", "west", ARN)).isTrue();
  }

  @Test
  void aClusterThatIsBeingDeletedIsLeftAlone() {
    rig.withEntry("EC2_LINUX").recreateRole();
    rig.clusters().status(REGION, CLUSTER, "DELETING");

    assertThat(rig.repair().status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void anUnreadableClusterDoesNotAffectTheOthers() {
    rig.withEntry("EC2_LINUX").recreateRole();
    rig.eks.faults().first(1, "ListAccessEntries", new Fault.Denied());
    rig.clusters().createCluster(REGION, "aaa", "API");

    Report report = rig.check(Mode.REPAIR, Duration.ofSeconds(30), "aaa", "prod");

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.roles()).hasSize(2);
    assertThat(report.roles().getFirst().roleName()).startsWith("cluster us-east-1/");
    assertThat(report.roles().getFirst().explanation()).contains("eks:ListAccessEntries");
  }

  @Test
  void theTimeBetweenTheTwoRolesIsTold() {
    rig.withEntry("EC2_LINUX").recreateRole();
    Instant hourAgo = rig.clusters().entry(REGION, CLUSTER, ARN).createdAt();

    assertThat(rig.repair().findings().getFirst().message())
        .contains("is from " + hourAgo)
        .contains("and the role from " + rig.iam.account().getRole(NAME).createDate());
  }

  /** As it was reported: others recreated the role, and everything else is as it should be. */
  @Test
  void aRoleThatOthersRecreated() throws IOException {
    JsonNode input;
    try (InputStream file =
        AccessEntriesTest.class.getResourceAsStream("/cases/recreated-by-others.json")) {
      input = new ObjectMapper().readTree(file);
    }
    rig.withEntry("EC2_LINUX");
    String before = rig.iam.account().getRole(NAME).id();

    rig.recreateRole();

    assertThat(input.at("/before/arn").asText())
        .isEqualTo(input.at("/after/arn").asText())
        .isEqualTo(rig.iam.account().getRole(NAME).arn());
    assertThat(before.equals(rig.iam.account().getRole(NAME).id()))
        .isEqualTo(input.at("/before/roleId").equals(input.at("/after/roleId")))
        .isFalse();
    assertThat(findings(rig.repair())).containsExactly("AccessEntryStale");
    assertThat(rig.canJoin()).isTrue();
  }
}
