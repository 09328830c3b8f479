package io.noderoleguard.guard;

import io.noderoleguard.guard.Check.Compared;
import io.noderoleguard.guard.Check.Unread;
import io.noderoleguard.iam.IamProblem.Kind;
import io.noderoleguard.iam.IamRoles;
import io.noderoleguard.iam.Reading;
import io.noderoleguard.role.DesiredRole;
import io.noderoleguard.role.Drift;
import io.noderoleguard.role.NodeRoleSpec;
import io.noderoleguard.role.Partition;
import io.noderoleguard.role.RoleState;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;

/**
 * What a run needs to check one role, as often as it takes.
 *
 * @param mayCreate whether to create the role if there is none
 */
record Inspection(
    NodeRoleSpec spec,
    boolean mayCreate,
    Partition here,
    IamRoles iam,
    Patience patience,
    Budget budget) {

  /** Reads the role and compares it with what it should be. */
  Check check() {
    Patience.Wait wait = patience.within(budget);
    Reading reading;
    do {
      budget.begin("reading role " + spec.name());
      reading = iam.read(spec.name(), budget.left());
      // One call found the role and another did not: it has just been created or deleted.
    } while (reading instanceof Reading.Incomplete(var problem)
        && problem.kind() == Kind.NOT_FOUND
        && wait.pause());
    return switch (reading) {
      case Reading.Complete(var state) -> compare(spec, here, state);
      case Reading.Incomplete(var problem) -> new Unread(problem.message());
    };
  }

  /** Compares a role that was read with what it should be. */
  static Compared compare(NodeRoleSpec spec, Partition here, RoleState state) {
    Partition partition =
        switch (state) {
          case Present present -> Partition.ofArn(present.arn()).orElse(here);
          case Absent _ -> here;
        };
    DesiredRole desired = spec.in(partition);
    return new Compared(desired, state, Drift.between(desired, state));
  }
}
