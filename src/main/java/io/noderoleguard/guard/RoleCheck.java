package io.noderoleguard.guard;

import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.ReportBuilder;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.role.DesiredRole;
import io.noderoleguard.role.Observation;
import io.noderoleguard.role.Partition;
import io.noderoleguard.role.Target;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/** The check of one role, and its repair where the run allows it. */
record RoleCheck(
    IamGateway iam,
    Patience patience,
    Function<Partition, DesiredRole> desired,
    Run run,
    ReportBuilder report) {

  /** The time that a repair must have left to be started; it usually takes half a second. */
  private static final Duration MIN_REPAIR_TIME = Duration.ofSeconds(1);

  private static RoleReport notChecked(Target target) {
    return RoleReport.failed(target.name(), "It was not checked: out of time.");
  }

  /** Notes that the role will be checked, so that it is in the report whatever happens. */
  void expect(Target target) {
    report.update(notChecked(target));
  }

  /** Checks the role and adds its report. */
  void run(Target target) {
    try {
      report.add(check(target));
    } catch (CancellationException interrupted) {
      // The run is over, and the provisional report stands.
    }
  }

  private RoleReport check(Target target) {
    if (run.budget().isSpent()) {
      return notChecked(target);
    }
    Inspection inspection = new Inspection(target, desired, iam, patience, run, report);
    Result<Observation> first = inspection.observe();
    return switch (first) {
      case Failed<Observation>(var problem) -> RoleReport.failed(target.name(), problem.message());
      case Ok<Observation>(var found) when !target.mayCreate() && found.role().isEmpty() ->
          RoleReport.failed(
              target.name(), "The role does not exist, and a pattern creates no role.");
      case Ok<Observation>(var found) -> {
        found.findings().forEach(finding -> GuardLog.finding(target.name(), finding));
        GuardLog.notes(target.name(), found.notes());
        yield act(inspection, found);
      }
    };
  }

  private RoleReport act(Inspection inspection, Observation found) {
    String name = inspection.target().name();
    if (run.mode() == Mode.AUDIT || found.plan().isEmpty()) {
      return RoleReport.untouched(name, found);
    }
    RoleReport notRepaired =
        RoleReport.notRepaired(name, found, "It was not repaired: out of time.");
    if (run.budget().left().compareTo(MIN_REPAIR_TIME) < 0) {
      return notRepaired;
    }
    report.update(notRepaired);
    return new Repair(inspection, found).run();
  }
}
