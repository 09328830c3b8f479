package io.noderoleguard.guard;

import io.noderoleguard.aws.AwsProblem.Kind;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.report.ReportBuilder;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.DesiredRole;
import io.noderoleguard.role.Observation;
import io.noderoleguard.role.Partition;
import io.noderoleguard.role.RoleState;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import io.noderoleguard.role.Target;
import java.util.function.Function;

/**
 * What a run needs to observe and change one role, as often as it takes.
 *
 * @param writing when it is spent, no further change is begun; it may end before the run's budget,
 *     so that time is left to confirm the changes
 */
record Inspection(
    Target target,
    Function<Partition, DesiredRole> desired,
    IamGateway iam,
    Patience patience,
    Run run,
    Budget writing,
    ReportBuilder report) {

  /** Reads the role and compares it with its desired state. */
  Result<Observation> observe() {
    Patience.Wait wait = pauses();
    Result<RoleState> read;
    do {
      run.budget().begin("reading role " + target.name());
      read = iam.read(target, desiredHere(), run.home(), run.budget().left());
      // One call found the role and another did not: it has just been created or deleted.
    } while (read instanceof Failed<RoleState>(var problem)
        && problem.kind() == Kind.NOT_FOUND
        && wait.pause());
    return read.map(this::compare);
  }

  /** Compares a role as the account's list shows it, and reads what is not in that list. */
  Result<Observation> complete(Present listed) {
    return iam.complete(target, listed, desiredHere(), run.home(), run.budget().left())
        .map(this::compare);
  }

  private DesiredRole desiredHere() {
    return desired.apply(run.home().partition());
  }

  private Observation compare(RoleState state) {
    return compare(target, desired, run.home().partition(), state);
  }

  /** Compares a role that was read with its desired state. */
  static Observation compare(
      Target target, Function<Partition, DesiredRole> desired, Partition home, RoleState state) {
    Partition partition =
        switch (state) {
          case Present present -> Partition.ofArn(present.arn()).orElse(home);
          case Absent _ -> home;
        };
    return Observation.of(target, desired.apply(partition), state);
  }

  /** Makes one change to the role. */
  Result<Change> apply(Change change) {
    run.budget().begin("%s for role %s".formatted(change.type(), target.name()));
    return iam.apply(target.name(), change, writing.left());
  }

  Patience.Wait pauses() {
    return patience.within(run.budget());
  }
}
