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

/**
 * The repair of one role: makes a plan's changes, then reads the role until they are seen. Where
 * others change the role meanwhile, the rest of the plan is left and another one is made.
 */
final class Repair {

  private final Inspection inspection;
  private final Compared found;
  private final Patience.Wait betweenPlans;
  private final List<ChangeResult> results = new ArrayList<>();

  Repair(Inspection inspection, Compared found) {
    this.inspection = inspection;
    this.found = found;
    this.betweenPlans = pauses();
  }

  RoleReport run() {
    Compared latest = found;
    boolean another;
    do {
      boolean overtaken = makeAll(latest.plan());
      switch (overtaken ? inspection.check() : checkUntilSeen()) {
        case Unread(var reason) -> {
          return report(
              Status.FAILED,
              latest,
              Optional.of("What the role is after the changes is not known: " + reason));
        }
        case Compared compared -> latest = compared;
      }
      if (latest.role().isEmpty() && !inspection.mayCreate()) {
        return report(
            Status.FAILED,
            latest,
            Optional.of("The role was deleted meanwhile, and for a pattern none is created."));
      }
      another = overtaken || (hasNews(latest) && betweenPlans.pause());
    } while (another && !latest.plan().isEmpty());
    return report(status(latest), latest, Optional.empty());
  }

  /**
   * Makes the changes one after another. One that fails keeps only those from being made that need
   * it.
   *
   * @return whether the rest of the plan was left, since someone else has overtaken it, and there
   *     is time for another
   */
  private boolean makeAll(Plan plan) {
    for (Change change : plan.changes()) {
      if (notMade().contains(change)) {
        // An earlier plan had it too.
        continue;
      }
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
        if (problem.filter(each -> isOvertaken(change, each)).isPresent() && betweenPlans.pause()) {
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
        && !hasLostItsNeed(change)
        && wait.pause());
    return problem;
  }

  private Optional<Change> lackingNeedOf(Change change) {
    return notMade().stream().filter(change::needs).findFirst();
  }

  private List<Change> notMade() {
    return results.stream()
        .filter(each -> each.outcome() != Outcome.APPLIED)
        .map(ChangeResult::change)
        .toList();
  }

  private boolean isOvertaken(Change change, IamProblem problem) {
    return problem.kind() == Kind.ALREADY_EXISTS
        // A profile holds one role: it was empty when it was read, and is full now.
        || (change instanceof AddRoleToInstanceProfile && problem.kind() == Kind.LIMIT)
        || (problem.kind() == Kind.NOT_FOUND && hasLostItsNeed(change));
  }

  /** Whether the role or the profile that a change is made to was there before, and is gone. */
  private boolean hasLostItsNeed(Change change) {
    return inspection.check() instanceof Compared now
        && now.plan().changes().stream().anyMatch(each -> change.needs(each) && isNews(each));
  }

  /** Whether something differs that was right before, which no lag of this run's changes shows. */
  private boolean hasNews(Compared compared) {
    return compared.plan().changes().stream().anyMatch(this::isNews);
  }

  private boolean isNews(Change change) {
    return results.stream().noneMatch(each -> each.change().equals(change));
  }

  /** Reads the role until no change that was made is still missing, or patience ends. */
  private Check checkUntilSeen() {
    Patience.Wait wait = pauses();
    Check check;
    do {
      check = inspection.check();
    } while (check instanceof Compared compared
        && !notMade().containsAll(compared.plan().changes())
        && !hasNews(compared)
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
