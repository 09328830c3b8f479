package io.noderoleguard.guard;

import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.ReportBuilder;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.role.Decision;
import io.noderoleguard.role.Decision.Verdict;
import io.noderoleguard.role.DesiredRole;
import io.noderoleguard.role.Home;
import io.noderoleguard.role.InstanceProfile;
import io.noderoleguard.role.Observation;
import io.noderoleguard.role.Partition;
import io.noderoleguard.role.PolicyChoice;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleSelection;
import io.noderoleguard.role.RoleState.OtherProfiles;
import io.noderoleguard.role.RoleState.Present;
import io.noderoleguard.role.SimulatedEffect.Known;
import io.noderoleguard.role.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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

  private static final Home HOME =
      Home.ofArn("arn:aws:lambda:us-east-1:123456789012:function:rehearsal").orElseThrow();

  private static final String ROLE = "rehearsal";

  private Rehearsal() {}

  /** Compares and reports; takes no call, and nothing of the AWS SDK. */
  public static Report ofAComparison() {
    DesiredRole desired = Requirements.DEFAULT.byPartition().apply(Partition.AWS);
    String account = "arn:aws:iam::123456789012:";
    Present compliant =
        new Present(
            ROLE,
            "/",
            account + "role/" + ROLE,
            "AROAREHEARSAL",
            Instant.EPOCH,
            desired.trustPolicy().json(),
            DEFAULT_POLICY_NAMES.stream()
                .map(name -> "arn:aws:iam::aws:policy/" + name)
                .collect(Collectors.toSet()),
            List.of(),
            List.of(new InstanceProfile(ROLE, account + "instance-profile/" + ROLE, List.of(ROLE))),
            OtherProfiles.NONE,
            Optional.empty(),
            Map.of(),
            new Known(
                desired.actionsToVerify().stream()
                    .map(
                        action ->
                            new Decision(
                                action,
                                desired.actionsNodesNeed().contains(action)
                                    ? Verdict.ALLOWED
                                    : Verdict.NOT_GRANTED,
                                List.of(),
                                List.of()))
                    .toList()));
    return Report.of(
        Mode.AUDIT,
        new Cause.Schedule(),
        RoleReport.untouched(ROLE, Observation.of(Target.named(ROLE), desired, compliant)));
  }

  /** Reads, compares and reports, by the AWS SDK; no call leaves the machine. */
  public static Report ofACheck(Duration within) {
    ReportBuilder report = new ReportBuilder(Mode.AUDIT, new Cause.Schedule());
    new Sweep(
            IamGateway.standIn(DEFAULT_POLICY_NAMES),
            Patience.DEFAULT,
            RoleSelection.of(List.of(ROLE)),
            Requirements.DEFAULT,
            new Run(Mode.AUDIT, HOME, Budget.of(within), new Cause.Schedule()),
            report)
        .run();
    return report.build();
  }
}
