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
import io.noderoleguard.role.RoleState.Present;
import io.noderoleguard.role.Target;
import java.time.Duration;
import java.util.Optional;
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

  /** The desired state where the run takes place. */
  DesiredRole desiredHere() {
    return desired.apply(run.home().partition());
  }

  /** Notes that the role will be checked, so that it is in the report whatever happens. */
  void expect(Target target) {
    report.update(notChecked(target));
  }

  /** Checks the role by its name and adds its report. */
  void run(Target target) {
    repair(target, run.budget(), Inspection::observe).ifPresent(this::confirm);
  }

  /**
   * Repairs a role that the account's list shows, and that must be read for more than that.
   *
   * @param writing when it is spent, no further change is begun
   * @return the repair that is to be confirmed; empty when the role's report is added
   */
  Optional<Repair> repairListed(Target target, Present listed, Budget writing) {
    return repair(target, writing, inspection -> inspection.complete(listed));
  }

  /** The same of a role that {@link #mustRepair}. */
  Optional<Repair> repair(Target target, Observation found, Budget writing) {
    return run.budget().isSpent() ? Optional.empty() : repair(inspection(target, writing), found);
  }

  /** Adds the report of a role after its repair, which is read by name. */
  void confirm(Repair repair) {
    try {
      report.add(repair.confirm());
    } catch (CancellationException interrupted) {
      // The run is over, and the provisional report stands.
    }
  }

  private Optional<Repair> repair(
      Target target, Budget writing, Function<Inspection, Result<Observation>> reading) {
    if (run.budget().isSpent()) {
      return Optional.empty();
    }
    Inspection inspection = inspection(target, writing);
    try {
      return switch (reading.apply(inspection)) {
        case Failed<Observation>(var problem) -> {
          report.add(RoleReport.failed(target.name(), problem.message()));
          yield Optional.empty();
        }
        case Ok<Observation>(var found) when !target.mayCreate() && found.role().isEmpty() -> {
          report.add(
              RoleReport.failed(
                  target.name(), "The role does not exist, and a pattern creates no role."));
          yield Optional.empty();
        }
        case Ok<Observation>(var found) ->
            mustRepair(target, found) ? repair(inspection, found) : Optional.empty();
      };
    } catch (CancellationException interrupted) {
      // The run is over, and the provisional report stands.
      return Optional.empty();
    }
  }

  private Inspection inspection(Target target, Budget writing) {
    return new Inspection(target, desired, iam, patience, run, writing, report);
  }

  /** Whether a role that was read is to be repaired; if not, adds its report. */
  boolean mustRepair(Target target, Observation found) {
    found.findings().forEach(finding -> GuardLog.finding(target.name(), finding));
    GuardLog.notes(target.name(), found.notes());
    if (run.mode() == Mode.AUDIT || found.plan().isEmpty()) {
      report.add(RoleReport.untouched(target.name(), found));
      return false;
    }
    report.update(notRepaired(target, found));
    return true;
  }

  private Optional<Repair> repair(Inspection inspection, Observation found) {
    if (inspection.writing().left().compareTo(MIN_REPAIR_TIME) < 0) {
      report.add(notRepaired(inspection.target(), found));
      return Optional.empty();
    }
    Repair repair = new Repair(inspection, found);
    try {
      repair.apply();
    } catch (CancellationException interrupted) {
      // The run is over, and the provisional report stands.
      return Optional.empty();
    }
    return Optional.of(repair);
  }

  private static RoleReport notRepaired(Target target, Observation found) {
    return RoleReport.notRepaired(target.name(), found, "It was not repaired: out of time.");
  }
}
