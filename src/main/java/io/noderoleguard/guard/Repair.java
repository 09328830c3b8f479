package io.noderoleguard.guard;

import io.noderoleguard.guard.ChangeResult.Outcome;
import io.noderoleguard.guard.Check.Compared;
import io.noderoleguard.guard.Check.Unread;
import io.noderoleguard.iam.IamProblem;
import io.noderoleguard.iam.IamProblem.Kind;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.Change.AddRoleToInstanceProfile;
import io.noderoleguard.role.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The repair of one role: makes a plan's changes, then reads the role until they are seen. */
final class Repair {

  // Who is overtaken more often than this is not racing someone but misled.
  private static final int MAX_ROUNDS = 5;

  private final Inspection inspection;
  private final Compared found;
  private final List<ChangeResult> results = new ArrayList<>();

  Repair(Inspection inspection, Compared found) {
    this.inspection = inspection;
    this.found = found;
  }

  RoleReport run() {
    Patience.Wait betweenRounds = pauses();
    Compared latest = found;
    for (int round = 1; ; round++) {
      boolean overtaken = makeAll(latest.plan(), round < MAX_ROUNDS);
      boolean another = overtaken && betweenRounds.pause();
      switch (another ? inspection.check() : checkUntilSeen()) {
        case Unread(var reason) -> {
          return report(
              Status.FAILED,
              latest,
              Optional.of("What the role is after the changes is not known: " + reason));
        }
        case Compared compared -> latest = compared;
      }
      if (!another || latest.plan().isEmpty()) {
        return report(status(latest), latest, Optional.empty());
      }
    }
  }

  /**
   * Makes the changes one after another. One that fails keeps only those from being made that need
   * it.
   *
   * @param mayYield whether to leave the rest of the plan, which is then out of date, when someone
   *     else has just made a change of it
   * @return whether it was left
   */
  private boolean makeAll(Plan plan, boolean mayYield) {
    for (Change change : plan.changes()) {
      Optional<Change> lacking = lackingNeedOf(change);
      if (lacking.isPresent()) {
        add(ChangeResult.skipped(change, lacking.get()));
        continue;
      }
      Optional<String> failure;
      if (inspection.budget().isSpent()) {
        failure = Optional.of(change.type() + " was not tried: the time was up.");
      } else {
        Optional<IamProblem> problem = make(change);
        if (mayYield && problem.filter(each -> isOvertaken(change, each)).isPresent()) {
          return true;
        }
        failure = problem.map(IamProblem::message);
      }
      add(
          failure
              .map(reason -> ChangeResult.failed(change, reason))
              .orElseGet(() -> ChangeResult.applied(change)));
    }
    return false;
  }

  private Optional<IamProblem> make(Change change) {
    boolean needIsNew =
        results.stream()
            .anyMatch(each -> each.outcome() == Outcome.APPLIED && change.needs(each.change()));
    Patience.Wait wait = pauses();
    Optional<IamProblem> problem;
    do {
      inspection
          .budget()
          .begin("%s for role %s".formatted(change.type(), inspection.spec().name()));
      problem = inspection.iam().apply(change, inspection.budget().left());
      // What was created a moment ago is not visible everywhere yet.
    } while (needIsNew
        && problem.filter(each -> each.kind() == Kind.NOT_FOUND).isPresent()
        && wait.pause());
    return problem;
  }

  private Optional<Change> lackingNeedOf(Change change) {
    return results.stream()
        .filter(each -> each.outcome() != Outcome.APPLIED)
        .map(ChangeResult::change)
        .filter(change::needs)
        .findFirst();
  }

  private static boolean isOvertaken(Change change, IamProblem problem) {
    // A profile holds one role: it was empty when it was read, and is full now.
    return problem.kind() == Kind.ALREADY_EXISTS
        || (change instanceof AddRoleToInstanceProfile && problem.kind() == Kind.LIMIT);
  }

  /** Reads the role until no change that was made is still missing, or patience ends. */
  private Check checkUntilSeen() {
    List<Change> notMade =
        results.stream()
            .filter(each -> each.outcome() != Outcome.APPLIED)
            .map(ChangeResult::change)
            .toList();
    Patience.Wait wait = pauses();
    Check check;
    do {
      check = inspection.check();
    } while (check instanceof Compared compared
        && !notMade.containsAll(compared.plan().changes())
        && wait.pause());
    return check;
  }

  private Status status(Compared last) {
    boolean allMade = results.stream().allMatch(each -> each.outcome() == Outcome.APPLIED);
    if (!allMade || !last.plan().isEmpty()) {
      return Status.FAILED;
    }
    return last.findings().isEmpty() ? Status.REPAIRED : Status.DRIFTED;
  }

  private RoleReport report(Status status, Compared last, Optional<String> problem) {
    return new RoleReport(
        inspection.spec().name(),
        last.role(),
        status,
        found.findings(),
        results,
        last.findings(),
        problem);
  }

  private void add(ChangeResult result) {
    GuardLog.change(inspection.spec().name(), result);
    results.add(result);
  }

  private Patience.Wait pauses() {
    return inspection.patience().within(inspection.budget());
  }
}
