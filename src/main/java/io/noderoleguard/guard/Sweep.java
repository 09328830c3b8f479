package io.noderoleguard.guard;

import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.report.ReportBuilder;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.role.Observation;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleNamePattern;
import io.noderoleguard.role.RoleSelection;
import io.noderoleguard.role.RoleSelection.NothingGuarded;
import io.noderoleguard.role.RoleState.Present;
import io.noderoleguard.role.SimulatedEffect.NotSimulated;
import io.noderoleguard.role.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * One run over all guarded roles. Roles are checked side by side, with a bound; the writes to one
 * role are made one after another. A failure of one role does not affect the others.
 *
 * <p>With a pattern, the account's list of roles is read. What it shows is the basis of the
 * repairs, and after all of them it, or each role, is read again.
 */
final class Sweep {

  static final int MAX_PARALLEL = 8;

  private final IamGateway iam;
  private final RoleSelection roles;
  private final Optional<String> path;
  private final Run run;
  private final RoleCheck check;
  private final ReportBuilder report;
  private final Semaphore permits = new Semaphore(MAX_PARALLEL, true);

  /** Changes that are made and not confirmed. */
  private final List<Repair> repairs = Collections.synchronizedList(new ArrayList<>());

  private final long start = System.nanoTime();

  /** How long the reading of the account took. */
  private volatile Optional<Duration> readingTime = Optional.empty();

  /** Named roles that the account's list has not shown. */
  private final Map<String, Target> unseen = new LinkedHashMap<>();

  private final Set<RoleNamePattern> unmatched;

  /**
   * @param report is complete at any time: what is not finished is in it as FAILED
   */
  Sweep(
      IamGateway iam,
      Patience patience,
      RoleSelection roles,
      Requirements requirements,
      Run run,
      ReportBuilder report) {
    this.iam = iam;
    this.roles = roles;
    this.path = requirements.path();
    this.run = run;
    this.check = new RoleCheck(iam, patience, requirements.byPartition(), run, report);
    this.report = report;
    roles.exact().forEach(name -> unseen.put(name, Target.named(name)));
    this.unmatched = new LinkedHashSet<>(roles.patterns());
    unseen.values().forEach(check::expect);
    unmatched.forEach(
        pattern -> report.update(notRead(pattern, "It was not checked: out of time.")));
  }

  void run() {
    try (Workers byName = new Workers(permits, report)) {
      if (roles.patterns().isEmpty()) {
        checkUnseen(byName);
        return;
      }
      OptionalInt pages;
      try (Workers listed = new Workers(permits, report)) {
        pages = readAccount(listed);
        if (pages.isPresent()) {
          // A role that is guarded by name and does not exist is created.
          checkUnseen(byName);
        }
      }
      new Confirmation(iam, check, run, permits, report)
          .of(repairs, pages.orElse(Integer.MAX_VALUE), byName);
    }
  }

  private void checkUnseen(Workers byName) {
    unseen.values().forEach(target -> byName.submit(target.name(), () -> check.run(target)));
  }

  /**
   * Reads the whole account, and has those roles repaired that differ.
   *
   * @return how many calls that took; empty when it failed
   */
  private OptionalInt readAccount(Workers workers) {
    run.budget().begin("reading the account's roles");
    Result<Integer> pages =
        iam.forEachRole(
            check.desiredHere(),
            run.budget().left(),
            this::isGuarded,
            (name, role) -> look(name, role, workers));
    readingTime = Optional.of(sinceStart());
    return switch (pages) {
      case Ok<Integer>(var number) -> {
        roles.patterns().forEach(pattern -> report.drop(pattern.text()));
        unmatched.forEach(
            pattern ->
                report.add(RoleReport.nothingGuarded(new NothingGuarded(pattern.text(), path))));
        yield OptionalInt.of(number);
      }
      case Failed<Integer>(var problem) -> {
        if (!run.budget().isSpent()) {
          unseen.keySet().forEach(name -> report.add(RoleReport.failed(name, problem.message())));
          roles.patterns().forEach(pattern -> report.add(notRead(pattern, problem.message())));
        }
        yield OptionalInt.empty();
      }
    };
  }

  private static RoleReport notRead(RoleNamePattern pattern, String reason) {
    return RoleReport.failed(pattern.text(), "Not all roles were read. " + reason);
  }

  /** Whether a role is guarded. For a pattern, a role under another path is another role. */
  private boolean isGuarded(String name, String actualPath) {
    Optional<Target> target = roles.target(name);
    return target.isPresent()
        && (target.get().mayCreate()
            || (!Present.isReservedForAws(actualPath)
                && path.filter(wanted -> !wanted.equals(actualPath)).isEmpty()));
  }

  private void look(String name, Result<Present> role, Workers workers) {
    Target target = roles.target(name).orElseThrow();
    unseen.remove(target.name());
    unmatched.removeIf(pattern -> pattern.matches(name));
    switch (role) {
      case Failed<Present>(var problem) ->
          report.add(RoleReport.failed(target.name(), problem.message()));
      case Ok<Present>(var present) -> look(target, present, workers);
    }
  }

  private void look(Target target, Present role, Workers workers) {
    Observation found = Inspection.compare(target, check.desired(), run.home().partition(), role);
    boolean isToBeSimulated = role.effect() instanceof NotSimulated && target.mayCreate();
    // Nor does the list say whether a profile of the role's name exists.
    boolean lacksProfile = role.instanceProfiles().isEmpty() && !found.plan().isEmpty();
    if (isToBeSimulated || lacksProfile) {
      check.expect(target);
      workers.submit(
          target.name(), () -> check.repairListed(target, role, writing()).ifPresent(repairs::add));
    } else if (found.findings().isEmpty()) {
      GuardLog.notes(target.name(), found.notes());
      report.add(RoleReport.untouched(target.name(), found));
    } else if (check.mustRepair(target, found)) {
      workers.submit(
          target.name(), () -> check.repair(target, found, writing()).ifPresent(repairs::add));
    }
  }

  /** The time for changes: the rest is kept for the reading that confirms them. */
  private Budget writing() {
    Duration quarter = run.budget().left().dividedBy(4);
    Duration wanted = readingTime.orElseGet(this::sinceStart).multipliedBy(2).plusSeconds(2);
    return run.budget().keeping(wanted.compareTo(quarter) < 0 ? wanted : quarter);
  }

  private Duration sinceStart() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
