package io.noderoleguard.guard;

import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.report.Report;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleSelection;
import io.noderoleguard.role.Target;

/** Checks roles, repairs what differs, and logs the report. */
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
    Report report = new Sweep(iam, patience, roles, requirements, run).report();
    GuardLog.report(report);
    return report;
  }

  /**
   * Checks one role: reads it and compares it with its desired state; in {@code Mode.REPAIR} makes
   * the changes that repair it, one after another, and reads it again.
   *
   * @param requirements without {@linkplain Requirements#problems problems}
   * @return the report; no result of an IAM call makes this throw
   */
  public Report check(Target target, Requirements requirements, Run run) {
    RoleCheck check = new RoleCheck(iam, patience, requirements.byPartition(), run);
    Report report = Report.of(run.mode(), check.of(target));
    GuardLog.report(report);
    return report;
  }
}
