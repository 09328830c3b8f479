package io.noderoleguard.guard;

import io.noderoleguard.aws.AwsProblem;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.ReportBuilder;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.role.Observation;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleNamePattern;
import io.noderoleguard.role.RoleSelection;
import io.noderoleguard.role.RoleState.Present;
import io.noderoleguard.role.Target;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * One run over all guarded roles. Roles are checked side by side, with a bound; the writes to one
 * role are made one after another. A failure of one role does not affect the others.
 */
final class Sweep {

  private static final int MAX_PARALLEL = 8;

  private final IamGateway iam;
  private final RoleSelection roles;
  private final Run run;
  private final RoleCheck check;
  private final ReportBuilder report;
  private final Semaphore permits = new Semaphore(MAX_PARALLEL);
  private final Map<String, Future<RoleReport>> checks = new HashMap<>();

  Sweep(
      IamGateway iam, Patience patience, RoleSelection roles, Requirements requirements, Run run) {
    this.iam = iam;
    this.roles = roles;
    this.run = run;
    this.check = new RoleCheck(iam, patience, requirements.byPartition(), run);
    this.report = new ReportBuilder(run.mode());
  }

  Report report() {
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      if (roles.patterns().isEmpty()) {
        roles.exact().forEach(name -> check(Target.named(name), workers));
      } else {
        sweepAccount(workers);
      }
    }
    checks.forEach((name, future) -> report.add(resultOf(name, future)));
    return report.build();
  }

  /** Reads the whole account, and checks by name those roles that differ at first sight. */
  private void sweepAccount(ExecutorService workers) {
    Set<String> notSeen = new LinkedHashSet<>(roles.exact());
    run.budget().begin("reading the account's roles");
    Result<Integer> pages =
        iam.forEachRole(
            run.budget()::left,
            this::isGuarded,
            (name, role) -> {
              notSeen.remove(name);
              Target target = roles.target(name).orElseThrow();
              switch (role) {
                case Ok<Present>(var present) -> look(target, present, workers);
                case Failed<Present>(var problem) ->
                    report.add(RoleReport.failed(name, problem.message()));
              }
            });
    switch (pages) {
      // A role that is guarded by name and does not exist is created.
      case Ok<Integer> _ -> notSeen.forEach(name -> check(Target.named(name), workers));
      case Failed<Integer>(var problem) -> reportUnseen(notSeen, problem);
    }
  }

  private void reportUnseen(Set<String> names, AwsProblem problem) {
    String reason = run.budget().isSpent() ? "It was not checked: out of time." : problem.message();
    names.forEach(name -> report.add(RoleReport.failed(name, reason)));
    roles.patterns().stream()
        .map(RoleNamePattern::text)
        .forEach(
            pattern ->
                report.add(RoleReport.failed(pattern, "Not all roles were read. " + reason)));
  }

  private boolean isGuarded(String name, String path) {
    Optional<Target> target = roles.target(name);
    return target.isPresent() && (target.get().mayCreate() || !Present.isReservedForAws(path));
  }

  private void look(Target target, Present role, ExecutorService workers) {
    Observation observation = Inspection.compare(target, check.desired(), run.home(), role);
    if (observation.findings().isEmpty()) {
      GuardLog.notes(target.name(), observation.notes());
      report.add(RoleReport.untouched(target.name(), observation));
    } else {
      check(target, workers);
    }
  }

  /** Waits for a permit, and so slows the reading down to the pace of the repairs. */
  private void check(Target target, ExecutorService workers) {
    try {
      permits.acquire();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      report.add(RoleReport.failed(target.name(), "It was not checked: out of time."));
      return;
    }
    checks.put(
        target.name(),
        workers.submit(
            LogFields.carriedTo(
                () -> {
                  try {
                    return check.of(target);
                  } finally {
                    permits.release();
                  }
                })));
  }

  private static RoleReport resultOf(String name, Future<RoleReport> future) {
    try {
      return future.get();
    } catch (ExecutionException unexpected) {
      return RoleReport.failed(
          name, "Unexpected: " + Objects.requireNonNull(unexpected.getCause()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return RoleReport.failed(name, "It was not checked: out of time.");
    }
  }
}
