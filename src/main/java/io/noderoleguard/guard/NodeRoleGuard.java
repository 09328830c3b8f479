package io.noderoleguard.guard;

import io.noderoleguard.guard.Check.Compared;
import io.noderoleguard.guard.Check.Unread;
import io.noderoleguard.iam.IamRoles;
import io.noderoleguard.role.NodeRoleSpec;
import io.noderoleguard.role.Partition;
import java.util.List;
import java.util.Optional;

/** Checks a role, and puts right what differs. */
public final class NodeRoleGuard {

  private final IamRoles iam;
  private final Patience patience;

  public NodeRoleGuard(IamRoles iam, Patience patience) {
    this.iam = iam;
    this.patience = patience;
  }

  /**
   * Checks roles, one after the other, and logs the report.
   *
   * @see #run(NodeRoleSpec, Mode, Partition, Budget)
   */
  public Report run(List<NodeRoleSpec> specs, Mode mode, Partition here, Budget budget) {
    Report report =
        new Report(mode, specs.stream().map(spec -> run(spec, mode, here, budget)).toList());
    GuardLog.report(report);
    return report;
  }

  /**
   * Checks one role: reads it and compares it with what it should be; in {@link Mode#REPAIR} makes
   * the changes that put it right, one after another, and reads it again.
   *
   * @param here the partition of the account, for a role that is yet to be created; an existing
   *     role's own ARN counts more
   * @param budget when it is spent, no further change is begun
   * @return the result; nothing that IAM does makes this throw
   */
  public RoleReport run(NodeRoleSpec spec, Mode mode, Partition here, Budget budget) {
    Inspection inspection = new Inspection(spec, here, iam, patience, budget);
    return switch (inspection.check()) {
      case Unread(var reason) ->
          new RoleReport(
              spec.name(),
              Optional.empty(),
              Status.FAILED,
              List.of(),
              List.of(),
              List.of(),
              Optional.of(reason));
      case Compared found -> {
        found.findings().forEach(finding -> GuardLog.finding(spec.name(), finding));
        yield mode == Mode.AUDIT || found.plan().isEmpty()
            ? untouched(spec, found)
            : new Repair(inspection, found).run();
      }
    };
  }

  private static RoleReport untouched(NodeRoleSpec spec, Compared found) {
    return new RoleReport(
        spec.name(),
        found.role(),
        found.findings().isEmpty() ? Status.COMPLIANT : Status.DRIFTED,
        found.findings(),
        List.of(),
        found.findings(),
        Optional.empty());
  }
}
