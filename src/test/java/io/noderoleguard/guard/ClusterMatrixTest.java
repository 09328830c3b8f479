package io.noderoleguard.guard;

import static io.noderoleguard.guard.ClusterRig.ARN;
import static io.noderoleguard.guard.ClusterRig.CLUSTER;
import static io.noderoleguard.guard.ClusterRig.NAME;
import static io.noderoleguard.guard.ClusterRig.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.local.eks.EksEntry;
import io.noderoleguard.local.eks.EksError;
import io.noderoleguard.local.eks.EksNodegroup;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.IamError;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.rig.Guards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every action that the guard calls in EKS, with everything that can go wrong with a call. */
@Execution(ExecutionMode.CONCURRENT)
final class ClusterMatrixTest {

  private static final Path TABLE = Path.of("target", "reliability-matrix-clusters.txt");
  private static final Collection<String> ROWS = new ConcurrentSkipListSet<>();

  private static final List<String> READS =
      List.of(
          "ListClusters",
          "DescribeCluster",
          "ListNodegroups",
          "DescribeNodegroup",
          "ListAccessEntries",
          "DescribeAccessEntry",
          "ListAssociatedAccessPolicies");
  private static final List<String> WRITES =
      List.of("DeleteAccessEntry", "CreateAccessEntry", "AssociateAccessPolicy");

  private static final String TIME_OUT = "no response in time";

  /** Something that can go wrong; what passes is ridden out. */
  record Trouble(String name, boolean passes, Fault fault, String cause) {

    static Trouble refused(boolean passes, IamError error) {
      return new Trouble(error.code(), passes, Fault.refused(error), error.code());
    }

    boolean isNotFound() {
      return name.equals("ResourceNotFoundException");
    }

    /** The call is carried out, and nobody hears of it. */
    boolean isDoneUnseen() {
      return fault instanceof Fault.AfterwardsInstead || fault instanceof Fault.TruncatedXml;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Trouble> troubles() {
    return List.of(
        Trouble.refused(true, EksError.throttling()),
        Trouble.refused(true, EksError.serverError()),
        Trouble.refused(true, EksError.unavailable()),
        new Trouble("connection reset", true, new Fault.ConnectionReset(), "Exception"),
        new Trouble("answer lost", true, Fault.answerLost(), "Exception"),
        new Trouble(
            "503 after the call was carried out",
            true,
            new Fault.AfterwardsInstead(Fault.refused(EksError.unavailable())),
            "ServiceUnavailable"),
        new Trouble("no answer", true, new Fault.NoAnswer(), TIME_OUT),
        new Trouble("too slow", true, io.noderoleguard.guard.Trouble.TOO_SLOW, TIME_OUT),
        new Trouble("truncated JSON", true, new Fault.TruncatedXml(), ""),
        new Trouble("an HTML page", true, new Fault.HtmlPage(), ""),
        new Trouble("an empty answer", true, new Fault.EmptyAnswer(), "no element RequestId"),
        new Trouble("AccessDenied", false, new Fault.Denied(), "is not authorized to perform"),
        Trouble.refused(false, EksError.limitExceeded()),
        Trouble.refused(false, EksError.invalidRequest("No.")),
        Trouble.refused(false, EksError.invalidParameter("No.")),
        Trouble.refused(false, EksError.notFound("It cannot be found.")));
  }

  record Case(String action, Trouble trouble, boolean lasting) {
    @Override
    public String toString() {
      return "%-28s %-35s %s".formatted(action, trouble, lasting ? "lasting" : "2 times");
    }

    boolean isRead() {
      return READS.contains(action);
    }

    /** What fails after a deletion is tried again as long as there is time. */
    Duration time() {
      return lasting ? Duration.ofSeconds(8) : Duration.ofSeconds(60);
    }

    /** What the whole report says of the entry in the end. */
    Status status() {
      if (trouble.isNotFound()) {
        switch (action) {
          case "DescribeNodegroup" -> {
            // It has been deleted, and nobody misses it.
            return Status.REPAIRED;
          }
          case "DescribeCluster", "ListNodegroups", "ListAccessEntries" -> {
            // It has been deleted since it was listed.
            return Status.DRIFTED;
          }
          case "DescribeAccessEntry", "ListAssociatedAccessPolicies" -> {
            return lasting ? Status.COMPLIANT : Status.REPAIRED;
          }
          case "DeleteAccessEntry" -> {
            // Whoever deleted it: the new one works if the old one is gone, and else cannot be
            // created.
            return lasting ? Status.FAILED : Status.REPAIRED;
          }
          default -> {}
        }
      }
      boolean isTriedAgain = !isRead() && !action.equals("DeleteAccessEntry");
      // The second attempt finds it done.
      boolean isFoundDone =
          trouble.isDoneUnseen()
              && List.of("DeleteAccessEntry", "CreateAccessEntry").contains(action);
      return isFoundDone || (!lasting && (trouble.passes() || isTriedAgain))
          ? Status.REPAIRED
          : Status.FAILED;
    }
  }

  static Stream<Case> cases() {
    return Stream.concat(READS.stream(), WRITES.stream())
        .flatMap(
            action ->
                troubles().stream()
                    .flatMap(
                        trouble ->
                            Stream.of(
                                new Case(action, trouble, false),
                                new Case(action, trouble, true))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void nothingThatEksDoesMakesTheGuardLieHangOrLoseAnEntryUnnoticed(Case now) {
    try (ClusterRig rig =
        new ClusterRig(
            io.noderoleguard.guard.Trouble.limits(now.trouble.cause().equals(TIME_OUT)),
            Guards.QUICK_PACE,
            io.noderoleguard.guard.Trouble.PATIENCE)) {
      rig.withEntry("EC2");
      rig.clusters().putNodegroup(REGION, CLUSTER, new EksNodegroup("blue", ARN, List.of()));
      rig.recreateRole();
      EksEntry before = rig.clusters().entry(REGION, CLUSTER, ARN);
      if (now.lasting) {
        rig.eks.faults().always(now.action, now.trouble.fault());
      } else {
        rig.eks.faults().first(2, now.action, now.trouble.fault());
      }
      long start = System.nanoTime();

      Report report = rig.check(Mode.REPAIR, now.time(), "p*");

      Duration took = Duration.ofNanos(System.nanoTime() - start);
      ROWS.add(
          "%s  %-9s %3d calls %6d ms"
              .formatted(now, report.status(), rig.eks.calls().size(), took.toMillis()));
      assertThat(took).isLessThan(now.time().plusSeconds(5));
      assertThat(report.status()).as(report.failure(2_000)).isEqualTo(now.status());
      RoleReport role = report.of(NAME);
      if (report.status() == Status.REPAIRED) {
        assertThat(rig.canJoin()).isTrue();
        assertThat(role.remaining()).isEmpty();
      } else {
        boolean isThere = rig.clusters().entries(REGION, CLUSTER).contains(before);
        assertThat(isThere || rig.canJoin() || report.failure(2_000).contains("NO NODE CAN JOIN"))
            .as(report.failure(2_000))
            .isTrue();
        if (report.status() == Status.FAILED) {
          boolean isNamed =
              report.failure(2_000).contains("eks:" + now.action)
                  && Stream.of(now.trouble.cause(), TIME_OUT, "nterrupted")
                      .anyMatch(report.failure(2_000)::contains);
          // What is read last is told, unless the time was up in the middle of it.
          assertThat(isNamed || report.failure(2_000).contains("out of time") || !now.isRead())
              .as(report.failure(2_000))
              .isTrue();
        }
        if (now.isRead()) {
          assertThat(rig.writes()).isEmpty();
        }
      }

      rig.eks.faults().clear();
      Report next = rig.check(Mode.REPAIR, Duration.ofSeconds(30), "p*");
      assertThat(next.status()).isNotEqualTo(Status.FAILED);
      assertThat(rig.check(Mode.REPAIR, Duration.ofSeconds(30), "p*").status())
          .isIn(Status.COMPLIANT, Status.DRIFTED);
      assertThat(rig.writes()).isEmpty();
    }
  }

  @AfterAll
  static void printTable() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "action                       fault                               passes    outcome   cost");
    lines.addAll(ROWS);
    lines.add(
        "%d cases: %d actions, %d faults"
            .formatted(ROWS.size(), READS.size() + WRITES.size(), troubles().size()));
    Files.write(TABLE, lines);
    lines.forEach(System.out::println);
  }
}
