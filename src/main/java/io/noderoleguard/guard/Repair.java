package io.noderoleguard.guard;

import io.noderoleguard.aws.AwsProblem;
import io.noderoleguard.aws.AwsProblem.Kind;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.Change.AddRoleToInstanceProfile;
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.Observation;
import io.noderoleguard.role.Plan;
import io.noderoleguard.role.RoleState.Present;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The repair of one role: {@link #apply} makes a plan's changes. Then the role must be read again
 * until the changes are visible: by its name, with {@link #confirm}, which makes a new plan if
 * someone else changed it meanwhile; or otherwise, with {@link #take} and {@link #end}.
 */
final class Repair {

  private final Inspection inspection;
  private final Observation found;
  private final Patience.Wait replanning;
  private Observation latest;
  private Progress progress = Progress.DONE;
  private final List<ChangeResult> results = new ArrayList<>();

  /** Changes that failed without a word of AWS that they were not made. */
  private final Set<Change> uncertain = new HashSet<>();

  Repair(Inspection inspection, Observation found) {
    this.inspection = inspection;
    this.found = found;
    this.latest = found;
    this.replanning = inspection.pauses();
  }

  /** How far a plan was carried out. */
  private enum Progress {
    /** Each change was made, failed or was skipped. */
    DONE,
    /** The rest was left: someone else changed the role, and there is time for a new plan. */
    OUTDATED
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
    progress = apply(latest.plan());
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
          progress == Progress.OUTDATED || (hasForeignDrift(latest) && replanning.pause());
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
    if (hasForeignDrift(now)) {
      return Verdict.OUTDATED;
    }
    return isVisible(now) ? Verdict.VISIBLE : Verdict.LATE;
  }

  /** The report, by the latest reading. */
  RoleReport end() {
    settle();
    return report(status(), Optional.empty());
  }

  /** Makes the changes in order. If one fails, only the changes that depend on it are skipped. */
  private Progress apply(Plan plan) {
    for (Change change : plan.changes()) {
      if (notApplied().contains(change)) {
        // An earlier plan had it too.
        continue;
      }
      Optional<Change> prerequisite = failedPrerequisiteOf(change);
      if (prerequisite.isPresent()) {
        add(ChangeResult.skipped(change, prerequisite.get()));
      } else if (inspection.writing().isSpent()) {
        add(ChangeResult.failed(change, change.type() + " was not tried: the time was up."));
      } else {
        switch (attempt(change)) {
          case Applied() -> add(ChangeResult.applied(change));
          case Refused(var problem) -> {
            if (problem.mayHaveSucceeded()) {
              uncertain.add(change);
            }
            add(ChangeResult.failed(change, problem.message()));
          }
          case PlanOutdated(var problem) -> {
            if (replanning.pause()) {
              return Progress.OUTDATED;
            }
            add(ChangeResult.failed(change, problem.message()));
          }
        }
      }
    }
    return Progress.DONE;
  }

  /** What became of one change. */
  private sealed interface Attempt {}

  private record Applied() implements Attempt {}

  private record Refused(AwsProblem problem) implements Attempt {}

  /** Someone else changed the role, so that the change is no longer the one to make. */
  private record PlanOutdated(AwsProblem problem) implements Attempt {}

  /** Makes a change; again, as long as what it depends on is too new to be visible everywhere. */
  private Attempt attempt(Change change) {
    boolean prerequisiteIsNew =
        results.stream().anyMatch(each -> each.isApplied() && change.dependsOn(each.change()));
    Patience.Wait wait = inspection.pauses();
    while (true) {
      switch (inspection.apply(change)) {
        case Ok<Change> _ -> {
          return new Applied();
        }
        case Failed<Change>(var problem)
            when problem.mayHaveSucceeded()
                && inspection.observe() instanceof Ok<Observation>(var now)
                && showsDone(change, now) -> {
          return new Applied();
        }
        case Failed<Change>(var problem) when isTakenByOthers(change, problem) -> {
          return new PlanOutdated(problem);
        }
        case Failed<Change>(var problem) when problem.kind() == Kind.NOT_FOUND -> {
          Result<Observation> reread = inspection.observe();
          if (reread instanceof Ok<Observation>(var now) && prerequisiteIsGone(change, now)) {
            return new PlanOutdated(problem);
          }
          if (!prerequisiteIsNew || !wait.pause()) {
            return new Refused(problem);
          }
        }
        case Failed<Change>(var problem) -> {
          return new Refused(problem);
        }
      }
    }
  }

  /** Of a role that is gone, or that is no longer the guard's, a reading shows nothing. */
  private static boolean showsDone(Change change, Observation now) {
    return now.role().isPresent()
        && now.findings().stream().noneMatch(Finding::isDecisive)
        && !now.plan().changes().contains(change);
  }

  private static boolean isTakenByOthers(Change change, AwsProblem problem) {
    return problem.kind() == Kind.ALREADY_EXISTS
        // A profile holds one role: it was empty when it was read, and is full now.
        || (change instanceof AddRoleToInstanceProfile && problem.kind() == Kind.LIMIT);
  }

  /** Whether the role or profile that a change needs existed before, and no longer does. */
  private boolean prerequisiteIsGone(Change change, Observation now) {
    return now.plan().changes().stream()
        .anyMatch(each -> change.dependsOn(each) && isForeign(each));
  }

  private Optional<Change> failedPrerequisiteOf(Change change) {
    return notApplied().stream().filter(change::dependsOn).findFirst();
  }

  private List<Change> notApplied() {
    return results.stream().filter(each -> !each.isApplied()).map(ChangeResult::change).toList();
  }

  /** Whether something differs that did not before, so that no lag of own changes explains it. */
  private boolean hasForeignDrift(Observation observation) {
    return observation.plan().changes().stream().anyMatch(this::isForeign);
  }

  private boolean isForeign(Change change) {
    return results.stream().noneMatch(each -> each.change().equals(change));
  }

  /** Whether nothing of what was changed still differs. */
  private boolean isVisible(Observation observation) {
    return notApplied().containsAll(observation.plan().changes());
  }

  /** Re-reads the role until all changes that were made are visible, or patience ends. */
  private Result<Observation> observeUntilVisible() {
    Patience.Wait wait = inspection.pauses();
    Result<Observation> latest;
    do {
      latest = inspection.observe();
    } while (latest instanceof Ok<Observation>(var now)
        && !isVisible(now)
        && !hasForeignDrift(now)
        && wait.pause());
    return latest;
  }

  /** What the last reading shows was made, although no response said so. */
  private void settle() {
    results.replaceAll(
        result -> {
          Change change = result.change();
          if (!uncertain.contains(change)) {
            return result;
          }
          ChangeResult settled = showsDone(change, latest) ? ChangeResult.applied(change) : result;
          GuardLog.change(inspection.target().name(), settled);
          return settled;
        });
  }

  private Status status() {
    if (!notApplied().isEmpty() || !latest.plan().isEmpty()) {
      return Status.FAILED;
    }
    return latest.findings().isEmpty() ? Status.REPAIRED : Status.DRIFTED;
  }

  private RoleReport failed(String problem) {
    settle();
    return report(Status.FAILED, Optional.of(problem));
  }

  private RoleReport report(Status status, Optional<String> problem) {
    return new RoleReport(
        inspection.target().name(),
        latest.role(),
        status,
        found.findings(),
        results,
        latest.findings(),
        latest.notes(),
        problem);
  }

  private void add(ChangeResult result) {
    results.add(result);
    inspection
        .report()
        .update(report(Status.FAILED, Optional.of("The repair did not end: out of time.")));
    if (!uncertain.contains(result.change())) {
      GuardLog.change(inspection.target().name(), result);
    }
  }
}
