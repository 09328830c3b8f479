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
import io.noderoleguard.role.Target;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * One run over all guarded roles. Roles are checked side by side, with a bound; the writes to one
 * role are made one after another. A failure of one role does not affect the others.
 */
final class Sweep {

  private static final int MAX_PARALLEL = 8;

  private final IamGateway iam;
  private final RoleSelection roles;
  private final Optional<String> path;
  private final Run run;
  private final RoleCheck check;
  private final ReportBuilder report;
  private final Semaphore permits = new Semaphore(MAX_PARALLEL);

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
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      if (roles.patterns().isEmpty() || readAccount(workers)) {
        // A role that is guarded by name and does not exist is created.
        unseen.values().forEach(target -> check(target, workers));
      }
    }
  }

  /** Reads the whole account, and checks by name those roles that differ at first sight. */
  private boolean readAccount(ExecutorService workers) {
    run.budget().begin("reading the account's roles");
    Result<Integer> pages =
        iam.forEachRole(
            run.budget().left(), this::isGuarded, (name, role) -> look(name, role, workers));
    return switch (pages) {
      case Ok<Integer> _ -> {
        roles.patterns().forEach(pattern -> report.drop(pattern.text()));
        unmatched.forEach(
            pattern ->
                report.add(RoleReport.nothingGuarded(new NothingGuarded(pattern.text(), path))));
        yield true;
      }
      case Failed<Integer>(var problem) -> {
        if (!run.budget().isSpent()) {
          unseen.keySet().forEach(name -> report.add(RoleReport.failed(name, problem.message())));
          roles.patterns().forEach(pattern -> report.add(notRead(pattern, problem.message())));
        }
        yield false;
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

  private void look(String name, Result<Present> role, ExecutorService workers) {
    Target target = roles.target(name).orElseThrow();
    unseen.remove(target.name());
    unmatched.removeIf(pattern -> pattern.matches(name));
    switch (role) {
      case Failed<Present>(var problem) ->
          report.add(RoleReport.failed(target.name(), problem.message()));
      case Ok<Present>(var present) -> {
        Observation observation = Inspection.compare(target, check.desired(), run.home(), present);
        if (observation.findings().isEmpty()) {
          GuardLog.notes(target.name(), observation.notes());
          report.add(RoleReport.untouched(target.name(), observation));
        } else {
          check(target, workers);
        }
      }
    }
  }

  /** Waits for a permit, and so slows the reading down to the pace of the repairs. */
  private void check(Target target, ExecutorService workers) {
    check.expect(target);
    try {
      permits.acquire();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return;
    }
    workers.execute(new FutureTask<>(LogFields.carriedTo(worker(target))));
  }

  private Callable<Void> worker(Target target) {
    return Executors.callable(
        () -> {
          try {
            check.run(target);
          } catch (RuntimeException | Error unexpected) {
            report.add(RoleReport.failed(target.name(), "Unexpected: " + unexpected));
          } finally {
            permits.release();
          }
        },
        null);
  }
}
