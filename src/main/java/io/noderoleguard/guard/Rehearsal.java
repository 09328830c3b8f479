package io.noderoleguard.guard;

import io.noderoleguard.iam.IamRoles;
import io.noderoleguard.role.DesiredRole;
import io.noderoleguard.role.InstanceProfile;
import io.noderoleguard.role.NodeRoleSpec;
import io.noderoleguard.role.Partition;
import io.noderoleguard.role.RoleNames;
import io.noderoleguard.role.RoleState.Present;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks of a right role that is nowhere, so that what a real one needs is loaded. The log tells
 * nothing of them: its lines are counted.
 */
public final class Rehearsal {

  private static final NodeRoleSpec SPEC =
      new NodeRoleSpec(
          "rehearsal", Optional.empty(), NodeRoleSpec.DEFAULT_POLICIES, Optional.empty(), Map.of());

  private Rehearsal() {}

  /** Compares and reports; there is no call, and nothing of the AWS SDK is needed. */
  public static Report ofAComparison() {
    DesiredRole desired = SPEC.in(Partition.AWS);
    String account = "arn:aws:iam::123456789012:";
    Present right =
        new Present(
            SPEC.name(),
            "/",
            account + "role/" + SPEC.name(),
            "AROAREHEARSAL",
            desired.trustPolicy().json(),
            Set.copyOf(desired.policyArns()),
            List.of(
                new InstanceProfile(
                    SPEC.name(),
                    account + "instance-profile/" + SPEC.name(),
                    List.of(SPEC.name()))),
            Optional.empty(),
            Optional.empty(),
            Map.of());
    return Report.of(
        Mode.AUDIT,
        RoleReport.untouched(SPEC.name(), Inspection.compare(SPEC, Partition.AWS, right)));
  }

  /** Reads, compares and reports, by the AWS SDK; no call leaves the machine. */
  public static Report ofACheck(Duration within) {
    IamRoles iam = IamRoles.ofRehearsal(NodeRoleSpec.DEFAULT_POLICIES);
    return new Sweep(
            new NodeRoleGuard(iam, Patience.DEFAULT),
            RoleNames.of(List.of(SPEC.name())),
            _ -> SPEC,
            Mode.AUDIT,
            Partition.AWS,
            Budget.of(within))
        .run(iam);
  }
}
