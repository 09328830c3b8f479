package io.noderoleguard.guard;

import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.guard.PlanExecution.Progress;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.Observation;
import io.noderoleguard.role.RoleState.Present;
import java.util.Optional;

/**
 * The repair of one role: {@link #apply} makes a plan's changes. Then the role must be read again
 * until the changes are visible: by its name, with {@link #confirm}, which makes a new plan if
 * someone else changed it meanwhile; or otherwise, with {@link #take} and {@link #end}.
 */
final class Repair {

  private final Inspection inspection;
  private final Observation found;
  private final Patience.Wait replanning;
  private final PlanExecution execution;
  private Observation latest;
  private Progress progress = Progress.DONE;

  Repair(Inspection inspection, Observation found) {
    this.inspection = inspection;
    this.found = found;
    this.latest = found;
    this.replanning = inspection.pauses();
    this.execution = new PlanExecution(inspection, replanning, this::provisional);
  }

  /** What a reading that was made after the changes says. */
  enum Verdict {
    /** All that was changed is visible; nothing is left to do. */
    VISIBLE,
    /** Some change is not visible yet. */
    LATE,
    /** Someone else changed the role: {@link #confirm} makes a new plan. */
    OUTDATED
  }

  String roleName() {
    return inspection.target().name();
  }

  /** Makes the changes of the plan. */
  void apply() {
    progress = execution.run(latest.plan());
  }

  /** Reads the role by its name until the changes are visible, and makes a new plan if need be. */
  RoleReport confirm() {
    while (true) {
      switch (progress == Progress.OUTDATED ? inspection.observe() : observeUntilVisible()) {
        case Failed<Observation>(var problem) -> {
          return failed("The role's state after the changes is unknown: " + problem.message());
        }
        case Ok<Observation>(var now) -> latest = now;
      }
      if (latest.role().isEmpty() && !inspection.target().mayCreate()) {
        return failed("The role was deleted meanwhile, and a pattern creates no role.");
      }
      boolean replan =
          progress == Progress.OUTDATED
              || (execution.showsForeignDrift(latest) && replanning.pause());
      if (!replan || latest.plan().isEmpty()) {
        return end();
      }
      apply();
    }
  }

  /** Takes a reading of the account's roles, in which this one is, in place of one by name. */
  Verdict take(Present listed) {
    if (progress == Progress.OUTDATED
        || !(inspection.complete(listed) instanceof Ok<Observation>(var now))) {
      return Verdict.OUTDATED;
    }
    latest = now;
    if (execution.showsForeignDrift(now)) {
      return Verdict.OUTDATED;
    }
    return execution.isVisible(now) ? Verdict.VISIBLE : Verdict.LATE;
  }

  /** The report, by the latest reading. */
  RoleReport end() {
    execution.settle(latest);
    return report(status(), Optional.empty());
  }

  /** Re-reads the role until all changes that were made are visible, or patience ends. */
  private Result<Observation> observeUntilVisible() {
    Patience.Wait wait = inspection.pauses();
    Result<Observation> latest;
    do {
      latest = inspection.observe();
    } while (latest instanceof Ok<Observation>(var now)
        && !execution.isVisible(now)
        && !execution.showsForeignDrift(now)
        && wait.pause());
    return latest;
  }

  private Status status() {
    if (!execution.notApplied().isEmpty() || !latest.plan().isEmpty()) {
      return Status.FAILED;
    }
    return latest.findings().isEmpty() ? Status.REPAIRED : Status.DRIFTED;
  }

  private RoleReport failed(String problem) {
    execution.settle(latest);
    return report(Status.FAILED, Optional.of(problem));
  }

  private RoleReport report(Status status, Optional<String> problem) {
    return new RoleReport(
        inspection.target().name(),
        latest.role(),
        status,
        found.findings(),
        execution.results(),
        latest.findings(),
        latest.notes(),
        problem);
  }

  private void provisional() {
    inspection
        .report()
        .update(report(Status.FAILED, Optional.of("The repair did not end: out of time.")));
  }
}
