package io.noderoleguard.guard;

import io.noderoleguard.eks.EksGateway;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.ReportBuilder;
import io.noderoleguard.role.Cluster;
import io.noderoleguard.role.ClusterSelection;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleSelection;
import io.noderoleguard.role.Target;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Checks roles, repairs what differs, and logs the report. A run ends when its budget is spent:
 * what was found and changed until then is in the report, and what was not checked is FAILED.
 */
public final class NodeRoleGuard {

  private final IamGateway iam;
  private final Patience patience;
  private final Explainer explainer;
  private final Supplier<EksGateway> eks;
  private final ClusterSelection clusters;

  /** A guard that neither asks who changed a role nor checks a cluster. */
  public NodeRoleGuard(IamGateway iam, Patience patience) {
    this(iam, patience, Explainer.WITHOUT_HISTORY, NodeRoleGuard::noClusters);
  }

  /**
   * A guard that checks no cluster until it is asked to.
   *
   * @param explainer says who changed a role
   * @param eks is asked when it first checks a cluster
   * @see #checking
   */
  public NodeRoleGuard(
      IamGateway iam, Patience patience, Explainer explainer, Supplier<EksGateway> eks) {
    this(iam, patience, explainer, eks, ClusterSelection.NONE);
  }

  private NodeRoleGuard(
      IamGateway iam,
      Patience patience,
      Explainer explainer,
      Supplier<EksGateway> eks,
      ClusterSelection clusters) {
    this.iam = iam;
    this.patience = patience;
    this.explainer = explainer;
    this.eks = eks;
    this.clusters = clusters;
  }

  private static EksGateway noClusters() {
    throw new IllegalStateException("this guard was made without a way to EKS");
  }

  /** The same guard, which also checks what these clusters know of the roles. */
  public NodeRoleGuard checking(ClusterSelection selection) {
    return new NodeRoleGuard(iam, patience, explainer, eks, selection);
  }

  /**
   * Checks all guarded roles, side by side.
   *
   * @param requirements without {@linkplain Requirements#problems problems}
   * @see #check(Target, Requirements, Run)
   */
  public Report checkAll(RoleSelection roles, Requirements requirements, Run run) {
    ReportBuilder report = new ReportBuilder(run.mode(), run.cause());
    Sweep sweep = new Sweep(iam, patience, roles, requirements, run, report);
    if (clusters.isEmpty()) {
      return inTime(run, report, sweep::run);
    }
    ClusterAccess access = access(run, report);
    ClusterCheck check = new ClusterCheck(access, clusters);
    return inTime(
        run,
        report,
        () -> {
          sweep.run();
          List<Cluster> read = check.run();
          new CoverageCheck(access, roles).run(read);
        });
  }

  /**
   * Checks one role: reads it and compares it with its desired state; in {@code Mode.REPAIR} makes
   * the changes that repair it, one after another, and reads it again.
   *
   * @param requirements without {@linkplain Requirements#problems problems}
   * @return the report; no result of an IAM call makes this throw
   */
  public Report check(Target target, Requirements requirements, Run run) {
    ReportBuilder report = new ReportBuilder(run.mode(), run.cause());
    RoleCheck check = new RoleCheck(iam, patience, requirements.byPartition(), run, report);
    check.expect(target);
    if (clusters.isEmpty()) {
      return inTime(run, report, () -> check.run(target));
    }
    ClusterCheck entries = new ClusterCheck(access(run, report), clusters);
    return inTime(
        run,
        report,
        () -> {
          check.run(target);
          List<Cluster> _ = entries.run();
        });
  }

  private ClusterAccess access(Run run, ReportBuilder report) {
    return new ClusterAccess(eks.get(), iam, patience, run, report.keepingAll());
  }

  /**
   * Checks several roles, side by side.
   *
   * @see #check(Target, Requirements, Run)
   */
  public Report check(Collection<Target> targets, Requirements requirements, Run run) {
    ReportBuilder report = new ReportBuilder(run.mode(), run.cause());
    RoleCheck check = new RoleCheck(iam, patience, requirements.byPartition(), run, report);
    targets.forEach(check::expect);
    Optional<ClusterCheck> entries =
        clusters.isEmpty()
            ? Optional.empty()
            : Optional.of(new ClusterCheck(access(run, report), clusters));
    return inTime(
        run,
        report,
        () -> {
          try (Workers workers = new Workers(new Semaphore(Sweep.MAX_PARALLEL, true), report)) {
            targets.forEach(target -> workers.submit(target.name(), () -> check.run(target)));
          }
          entries.ifPresent(ClusterCheck::run);
        });
  }

  /** Reports what is known at the latest when the budget is spent, whatever the work waits for. */
  private Report inTime(Run run, ReportBuilder builder, Runnable work) {
    Instant started = Instant.now();
    try {
      TimedWork.call(run.budget(), Executors.callable(work));
    } catch (OutOfTimeException late) {
      // The builder has what is known of each role.
    }
    Report report = explainer.explain(builder.build(), run, started);
    GuardLog.histories(report);
    GuardLog.report(report);
    return report;
  }
}
