package io.noderoleguard.guard;

import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.ReportBuilder;
import io.noderoleguard.role.Partition;
import io.noderoleguard.role.PolicyChoice;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleSelection;
import java.time.Duration;
import java.util.List;

/**
 * A check of a stand-in role, so that the classes for a real check are loaded. Logs nothing,
 * because metrics count log lines.
 */
public final class Rehearsal {

  /** The names of the policies that satisfy the default requirements. */
  private static final List<String> DEFAULT_POLICY_NAMES =
      Requirements.DEFAULT.byPartition().apply(Partition.AWS).policies().stream()
          .map(PolicyChoice::first)
          .map(arn -> arn.substring(arn.lastIndexOf('/') + 1))
          .toList();

  private Rehearsal() {}

  /** Reads, compares and reports, by the AWS SDK; no call leaves the machine. */
  public static Report ofACheck(Duration within) {
    ReportBuilder report = new ReportBuilder(Mode.AUDIT);
    new Sweep(
            IamGateway.standIn(DEFAULT_POLICY_NAMES),
            Patience.DEFAULT,
            RoleSelection.of(List.of("rehearsal")),
            Requirements.DEFAULT,
            new Run(Mode.AUDIT, Partition.AWS, Budget.of(within)),
            report)
        .run();
    return report.build();
  }
}
