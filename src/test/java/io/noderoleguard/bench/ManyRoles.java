package io.noderoleguard.bench;

import io.noderoleguard.guard.Budget;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Patience;
import io.noderoleguard.guard.Run;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.Faults;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.rig.Guards;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleSelection;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What it costs to guard many roles among as many others: calls, wall time and peak memory, at 20
 * ms per call of IAM, also where it takes few calls. The guard runs in a JVM of its own for each
 * line, so that its memory is its own.
 *
 * <p>Run with {@code mvn -q test-compile exec:exec@many-roles}.
 */
public final class ManyRoles {

  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final List<Integer> GUARDED = List.of(1, 100, 1_000, 5_000);
  private static final String TRUST =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
      "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

  private ManyRoles() {}

  /**
   * Measures all sizes, or guards the roles at an endpoint.
   *
   * @param args nothing, or {@code guard ENDPOINT NAME}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length == 3 && args[0].equals("guard")) {
      guard(URI.create(args[1]), args[2]);
      return;
    }
    System.out.println(
        "guarded   others  drifted   IAM takes        calls   writes   1 action 1 s   wall ms   per"
            + " role ms   peak heap MB   status");
    for (int guarded : GUARDED) {
      for (int drifted : List.of(0, guarded / 10)) {
        if (drifted > 0 || guarded == 1 || guarded >= 100) {
          measure(guarded, drifted, Limit.NONE);
        }
        if (guarded == 1) {
          break;
        }
      }
    }
    for (Limit limit : List.of(Limit.PER_ACTION, Limit.IN_ALL)) {
      measure(40, 40, limit);
      measure(1_000, 100, limit);
    }
  }

  /** How many calls IAM takes in a second. */
  private enum Limit {
    NONE("all"),
    PER_ACTION("3/s an action"),
    IN_ALL("10/s in all");

    private final String label;

    Limit(String label) {
      this.label = label;
    }

    void arrange(Faults faults) {
      switch (this) {
        case NONE -> {}
        case PER_ACTION -> faults.atMostOfEachAction(3);
        case IN_ALL -> faults.atMost(10);
      }
    }
  }

  private static void measure(int guarded, int drifted, Limit limit)
      throws IOException, InterruptedException {
    IamAccount account = new IamAccount("aws", "123456789012");
    for (int i = 0; i < guarded; i++) {
      RightRole.addTo(account, "eksctl-cluster-NodeInstanceRole-" + i);
      account.createRole("other-" + i, TRUST);
    }
    for (int i = 0; i < drifted; i++) {
      account.detachRolePolicy(
          "eksctl-cluster-NodeInstanceRole-" + i * (guarded / drifted),
          account.awsPolicyArn("AmazonEKS_CNI_Policy"));
    }
    try (EmbeddedIam iam = EmbeddedIam.start(account, 0)) {
      iam.latency(LATENCY);
      limit.arrange(iam.faults());
      String names =
          guarded == 1 ? "eksctl-cluster-NodeInstanceRole-0" : "eksctl-*-NodeInstanceRole-*";
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx400m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ManyRoles.class.getName(),
                  "guard",
                  iam.endpoint().toString(),
                  names)
              .redirectErrorStream(true)
              .start();
      String last = "";
      for (String line : child.inputReader().lines().toList()) {
        last = line;
      }
      if (child.waitFor() != 0) {
        throw new IllegalStateException(last);
      }
      String[] figures = last.split(" ", -1);
      double millis = Double.parseDouble(figures[0]);
      System.out.printf(
          Locale.ROOT,
          "%7d  %7d  %7d   %-13s  %7d  %7d  %13d  %8.0f  %12.2f  %13s   %s%n",
          guarded,
          guarded,
          drifted,
          limit.label,
          iam.calls().size(),
          iam.writes().size(),
          Collections.max(iam.mostCallsWithin(Duration.ofSeconds(1)).values()),
          millis,
          millis / guarded,
          figures[1],
          figures[2]);
      if (limit == Limit.NONE && iam.writes().size() != drifted) {
        throw new IllegalStateException("not one write for each thing that differed");
      }
    }
  }

  private static void guard(URI endpoint, String names) {
    NodeRoleGuard guard = Guards.at(endpoint, Patience.DEFAULT);
    // Class loading is start-up's, which has a benchmark of its own.
    run(guard, "warm-up");
    long start = System.nanoTime();
    Report report = run(guard, names);
    double millis = (System.nanoTime() - start) / 1e6;
    long peak =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().matches(".*(Eden|Survivor|Tenured).*"))
            .mapToLong(pool -> pool.getPeakUsage().getUsed())
            .sum();
    System.out.printf(Locale.ROOT, "%.1f %.1f %s%n", millis, peak / 1048576.0, report.status());
  }

  private static Report run(NodeRoleGuard guard, String names) {
    return guard.checkAll(
        RoleSelection.of(List.of(names)),
        Requirements.DEFAULT,
        new Run(
            names.equals("warm-up") ? Mode.AUDIT : Mode.REPAIR,
            Guards.HOME,
            // The function's own time
            Budget.of(Duration.ofMinutes(2)),
            new Cause.Asked()));
  }
}
