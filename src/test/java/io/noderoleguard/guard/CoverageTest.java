package io.noderoleguard.guard;

import static io.noderoleguard.guard.ClusterRig.ARN;
import static io.noderoleguard.guard.ClusterRig.CLUSTER;
import static io.noderoleguard.guard.ClusterRig.NAME;
import static io.noderoleguard.guard.ClusterRig.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.aws.CallLimits;
import io.noderoleguard.aws.Pace;
import io.noderoleguard.local.eks.EksNodegroup;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.report.Coverage;
import io.noderoleguard.report.Coverage.UnguardedRole;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.Status;
import io.noderoleguard.rig.Guards;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which node roles of the clusters nothing guards, and what it takes to know. */
final class CoverageTest {

  private static final String ACCOUNT = "arn:aws:iam::123456789012:";

  private static String role(ClusterRig rig, String name) {
    if (rig.iam.account().role(name).isEmpty()) {
      RightRole.addTo(rig.iam.account(), name, "/");
    }
    return ACCOUNT + "role/" + name;
  }

  @Test
  void nodeRolesThatNothingGuardsAreListed() {
    try (ClusterRig rig = new ClusterRig()) {
      rig.withEntry("EC2_LINUX");
      String ofGroup = role(rig, "Blue");
      String ofAutoMode = role(rig, "Auto");
      String selfManaged = role(rig, "Self");
      String admin = role(rig, "Admin");
      rig.clusters().putNodegroup(REGION, CLUSTER, new EksNodegroup("blue", ofGroup, List.of()));
      rig.clusters().putNodegroup(REGION, CLUSTER, new EksNodegroup("own", ARN, List.of()));
      rig.clusters().autoMode(REGION, CLUSTER, ofAutoMode);
      rig.addEntry(CLUSTER, selfManaged, "EC2_WINDOWS");
      rig.addEntry(CLUSTER, ofGroup, "EC2_LINUX");
      rig.addEntry(CLUSTER, admin, "STANDARD");
      rig.clusters().createEntry(REGION, CLUSTER, ACCOUNT + "user/jo", "STANDARD", Map.of());
      rig.clusters().createCluster(REGION, "second", "API");
      rig.clusters().putNodegroup(REGION, "second", new EksNodegroup("red", ofGroup, List.of()));

      Report report = rig.checkAll(Mode.REPAIR, List.of(NAME), "*");

      assertThat(report.status()).isEqualTo(Status.COMPLIANT);
      assertThat(report.coverage())
          .contains(
              new Coverage(
                  List.of(
                      new UnguardedRole(
                          ofAutoMode, List.of("us-east-1/prod"), List.of("Auto Mode")),
                      new UnguardedRole(
                          ofGroup,
                          List.of("us-east-1/prod", "us-east-1/second"),
                          List.of("node group blue", "node group red")),
                      new UnguardedRole(
                          selfManaged,
                          List.of("us-east-1/prod"),
                          List.of("access entry of type EC2_WINDOWS"))),
                  0));
      assertThat(report.summary())
          .contains("Nothing guards 3 node roles of the clusters: Auto, Blue, Self.");
      // The guarded one, and the two that may be a node's.
      assertThat(described(rig)).containsExactly(ARN, admin, selfManaged);
      assertThat(rig.writes()).isEmpty();
    }
  }

  private static List<String> described(ClusterRig rig) {
    return rig.eks.calls().stream()
        .filter(call -> call.action().equals("DescribeAccessEntry"))
        .map(call -> call.principalArn())
        .sorted(Comparator.comparing((String arn) -> !arn.equals(ARN)).thenComparing(arn -> arn))
        .toList();
  }

  @Test
  void aPatternGuardsWhatItMatches() {
    try (ClusterRig rig = new ClusterRig()) {
      rig.withEntry("EC2_LINUX");
      String matched = role(rig, "NodeInstanceRole-2");
      rig.clusters().putNodegroup(REGION, CLUSTER, new EksNodegroup("blue", matched, List.of()));

      Report report = rig.checkAll(Mode.REPAIR, List.of("NodeInstance*"), "*");

      assertThat(report.coverage()).contains(new Coverage(List.of(), 0));
      assertThat(report.summary()).doesNotContain("Nothing guards");
    }
  }

  @Test
  void aCheckOfOneRoleLooksForNoOthers() {
    try (ClusterRig rig = new ClusterRig()) {
      rig.withEntry("EC2_LINUX");
      rig.clusters().autoMode(REGION, CLUSTER, role(rig, "Auto"));

      assertThat(rig.check(Mode.REPAIR, Duration.ofSeconds(30), "*").coverage()).isEmpty();
    }
  }

  /** Twenty clusters with fifty entries each, at the pace of the function. */
  @Test
  void manyClustersAreReadAtAPaceThatLeavesRoomForOthers() {
    Pace.Limits pace = new Pace.Limits(40, 1, 6, 4, Duration.ofSeconds(1), Duration.ofSeconds(5));
    try (ClusterRig rig =
        new ClusterRig(CallLimits.DEFAULT, pace, Guards.patience(Duration.ofSeconds(2)))) {
      RightRole.addTo(rig.iam.account(), NAME, "/");
      for (int cluster = 0; cluster < 20; cluster++) {
        String name = "c%02d".formatted(cluster);
        rig.clusters().createCluster(REGION, name, "API");
        rig.addEntry(name, ARN, "EC2_LINUX");
        for (int entry = 1; entry < 50; entry++) {
          String arn = entry < 10 ? ACCOUNT + "user/u" + entry : role(rig, "Other" + entry);
          rig.clusters().createEntry(REGION, name, arn, "STANDARD", Map.of());
        }
      }
      rig.recreateRole();

      Report report = rig.checkAll(Mode.REPAIR, List.of(NAME), "*");

      assertThat(report.status()).as(report.summary()).isEqualTo(Status.REPAIRED);
      Map<String, Long> counts = rig.eks.counts();
      System.out.println(counts + " " + rig.eks.mostCallsWithinASecond());
      assertThat(counts)
          .containsEntry("ListClusters", 1L)
          .containsEntry("DescribeCluster", 20L)
          .containsEntry("ListNodegroups", 20L)
          .containsEntry("ListAccessEntries", 20L)
          .containsEntry("DeleteAccessEntry", 20L)
          .containsEntry("CreateAccessEntry", 20L)
          // One, and one to confirm, of the guarded role; and of the others as many as are read.
          .containsEntry("DescribeAccessEntry", 20L + 20L + 200L);
      assertThat(report.coverage()).contains(new Coverage(List.of(), 20 * 40 - 200));
      assertThat(rig.eks.mostCallsWithinASecond().values()).allMatch(calls -> calls <= 40 + 6 + 4);

      assertThat(rig.check(Mode.REPAIR, Duration.ofSeconds(30), "*").status())
          .isEqualTo(Status.COMPLIANT);
      assertThat(described(rig)).hasSize(20).allMatch(ARN::equals);
      assertThat(new TreeSet<>(rig.writes())).isEmpty();
    }
  }
}
