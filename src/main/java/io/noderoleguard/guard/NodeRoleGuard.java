package io.noderoleguard.guard;

import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.ReportBuilder;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleSelection;
import io.noderoleguard.role.Target;
import java.util.concurrent.Executors;

/**
 * Checks roles, repairs what differs, and logs the report. A run ends when its budget is spent:
 * what was found and changed until then is in the report, and what was not checked is FAILED.
 */
public final class NodeRoleGuard {

  private final IamGateway iam;
  private final Patience patience;

  public NodeRoleGuard(IamGateway iam, Patience patience) {
    this.iam = iam;
    this.patience = patience;
  }

  /**
   * Checks all guarded roles, side by side.
   *
   * @param requirements without {@linkplain Requirements#problems problems}
   * @see #check
   */
  public Report checkAll(RoleSelection roles, Requirements requirements, Run run) {
    ReportBuilder report = new ReportBuilder(run.mode());
    Sweep sweep = new Sweep(iam, patience, roles, requirements, run, report);
    return inTime(run, report, sweep::run);
  }

  /**
   * Checks one role: reads it and compares it with its desired state; in {@code Mode.REPAIR} makes
   * the changes that repair it, one after another, and reads it again.
   *
   * @param requirements without {@linkplain Requirements#problems problems}
   * @return the report; no result of an IAM call makes this throw
   */
  public Report check(Target target, Requirements requirements, Run run) {
    ReportBuilder report = new ReportBuilder(run.mode());
    RoleCheck check = new RoleCheck(iam, patience, requirements.byPartition(), run, report);
    check.expect(target);
    return inTime(run, report, () -> check.run(target));
  }

  /** Reports what is known at the latest when the budget is spent, whatever the work waits for. */
  private static Report inTime(Run run, ReportBuilder builder, Runnable work) {
    try {
      TimedWork.call(run.budget(), Executors.callable(work));
    } catch (OutOfTimeException late) {
      // The builder has what is known of each role.
    }
    Report report = builder.build();
    GuardLog.report(report);
    return report;
  }
}
