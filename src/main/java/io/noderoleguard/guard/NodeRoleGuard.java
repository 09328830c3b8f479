package io.noderoleguard.guard;

import io.noderoleguard.guard.Check.Compared;
import io.noderoleguard.guard.Check.Unread;
import io.noderoleguard.iam.IamRoles;
import io.noderoleguard.role.NodeRoleSpec;
import io.noderoleguard.role.Partition;
import io.noderoleguard.role.RoleNames;
import java.time.Duration;
import java.util.function.Function;

/** Checks roles, and puts right what differs. */
public final class NodeRoleGuard {

  /** A repair that could not end is not begun: it takes half a second as a rule. */
  private static final Duration TO_REPAIR = Duration.ofSeconds(1);

  private final IamRoles iam;
  private final Patience patience;

  public NodeRoleGuard(IamRoles iam, Patience patience) {
    this.iam = iam;
    this.patience = patience;
  }

  /**
   * Checks all guarded roles, side by side, and logs the report.
   *
   * @param spec what a role of that name should be
   * @see #runOne
   */
  public Report runAll(
      RoleNames names,
      Function<String, NodeRoleSpec> spec,
      Mode mode,
      Partition here,
      Budget budget) {
    Report report = new Sweep(this, names, spec, mode, here, budget).run(iam);
    GuardLog.report(report);
    return report;
  }

  /**
   * Checks one role and logs the report: reads the role and compares it with what it should be; in
   * {@link Mode#REPAIR} makes the changes that put it right, one after another, and reads it again.
   *
   * @param mayCreate whether to create the role if there is none
   * @param here the partition of the account, for a role that is yet to be created; an existing
   *     role's own ARN counts more
   * @param budget when it is spent, no further change is begun
   * @return the result; nothing that IAM does makes this throw
   */
  public Report runOne(
      NodeRoleSpec spec, boolean mayCreate, Mode mode, Partition here, Budget budget) {
    Report report = Report.of(mode, check(spec, mayCreate, mode, here, budget));
    GuardLog.report(report);
    return report;
  }

  RoleReport check(NodeRoleSpec spec, boolean mayCreate, Mode mode, Partition here, Budget budget) {
    if (budget.isSpent()) {
      return RoleReport.failed(spec.name(), "It was not checked: out of time.");
    }
    Inspection inspection = new Inspection(spec, mayCreate, here, iam, patience, budget);
    return switch (inspection.check()) {
      case Unread(var reason) -> RoleReport.failed(spec.name(), reason);
      case Compared found when !mayCreate && found.role().isEmpty() ->
          RoleReport.failed(
              spec.name(), "There is no such role, and for a pattern none is created.");
      case Compared found -> {
        found.findings().forEach(finding -> GuardLog.finding(spec.name(), finding));
        yield act(inspection, mode, found);
      }
    };
  }

  private static RoleReport act(Inspection inspection, Mode mode, Compared found) {
    String name = inspection.spec().name();
    if (mode == Mode.AUDIT || found.plan().isEmpty()) {
      return RoleReport.untouched(name, found);
    }
    return inspection.budget().left().compareTo(TO_REPAIR) < 0
        ? RoleReport.notRepaired(name, found, "It was not repaired: out of time.")
        : new Repair(inspection, found).run();
  }
}
