package io.noderoleguard.guard;

import io.noderoleguard.aws.AwsProblem;
import io.noderoleguard.aws.AwsProblem.Kind;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.Change.AddRoleToInstanceProfile;
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.Observation;
import io.noderoleguard.role.Plan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes the changes of a role's plans, and knows what became of each. */
final class PlanExecution {

  private final Inspection inspection;
  private final Patience.Wait replanning;
  private final Runnable noted;
  private final List<ChangeResult> results = new ArrayList<>();

  /** Changes that failed without a word of AWS that they were not made. */
  private final Set<Change> uncertain = new HashSet<>();

  /**
   * @param replanning how often the rest of a plan may be left for a new one
   * @param noted is run after each result
   */
  PlanExecution(Inspection inspection, Patience.Wait replanning, Runnable noted) {
    this.inspection = inspection;
    this.replanning = replanning;
    this.noted = noted;
  }

  /** How far a plan was carried out. */
  enum Progress {
    /** Each change was made, failed or was skipped. */
    DONE,
    /** The rest was left: someone else changed the role, and there is time for a new plan. */
    OUTDATED
  }

  /** Makes the changes in order. If one fails, only the changes that depend on it are skipped. */
  Progress run(Plan plan) {
    Deque<Change> open = new ArrayDeque<>(plan.changes());
    while (!open.isEmpty()) {
      Change change = open.removeFirst();
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
          case Refused(var problem)
              when problem.kind() == Kind.LIMIT
                  && open.stream().anyMatch(later -> later.makesRoomFor(change)) ->
              open.addLast(change);
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
          if (reread instanceof Ok<Observation>(var now)
              && (prerequisiteIsGone(change, now) || showsDone(change, now))) {
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

  /** The changes that failed or were skipped. */
  List<Change> notApplied() {
    return results.stream().filter(each -> !each.isApplied()).map(ChangeResult::change).toList();
  }

  /** Whether something differs that did not before, so that no lag of own changes explains it. */
  boolean showsForeignDrift(Observation observation) {
    return observation.plan().changes().stream().anyMatch(this::isForeign);
  }

  private boolean isForeign(Change change) {
    return results.stream().noneMatch(each -> each.change().equals(change));
  }

  /** Whether nothing of what was changed still differs. */
  boolean isVisible(Observation observation) {
    return notApplied().containsAll(observation.plan().changes());
  }

  /** What the last reading shows was made, although no response said so. */
  void settle(Observation latest) {
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

  /** What became of each change, in the order they were made. */
  List<ChangeResult> results() {
    return List.copyOf(results);
  }

  private void add(ChangeResult result) {
    results.add(result);
    noted.run();
    if (!uncertain.contains(result.change())) {
      GuardLog.change(inspection.target().name(), result);
    }
  }
}
