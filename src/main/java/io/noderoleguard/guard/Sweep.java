package io.noderoleguard.guard;

import io.noderoleguard.iam.IamProblem;
import io.noderoleguard.iam.IamRoles;
import io.noderoleguard.role.NodeRoleSpec;
import io.noderoleguard.role.Partition;
import io.noderoleguard.role.RoleNamePattern;
import io.noderoleguard.role.RoleNames;
import io.noderoleguard.role.RoleState.Present;
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
import java.util.function.Function;

/**
 * One run over all guarded roles. Roles are checked side by side, with a bound; the writes to one
 * role are made one after another. What becomes of one role does not touch the others.
 */
final class Sweep {

  /**
   * Up to how many roles are read by name, at three calls each, where there is no pattern. The
   * other way, all of the account's roles are read: 5 calls for the 1,000 roles that an account may
   * have by default, 25 for the 5,000 that it may have at most.
   */
  static final int MOST_BY_NAME = 8;

  private static final int SIDE_BY_SIDE = 8;

  private final RoleNames names;
  private final Function<String, NodeRoleSpec> spec;
  private final Mode mode;
  private final Partition here;
  private final Budget budget;
  private final NodeRoleGuard guard;
  private final ReportBuilder report;
  private final Semaphore places = new Semaphore(SIDE_BY_SIDE);
  private final Map<String, Future<RoleReport>> checks = new HashMap<>();

  Sweep(
      NodeRoleGuard guard,
      RoleNames names,
      Function<String, NodeRoleSpec> spec,
      Mode mode,
      Partition here,
      Budget budget) {
    this.guard = guard;
    this.names = names;
    this.spec = spec;
    this.mode = mode;
    this.here = here;
    this.budget = budget;
    this.report = new ReportBuilder(mode);
  }

  Report run(IamRoles iam) {
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      if (names.patterns().isEmpty() && names.exact().size() <= MOST_BY_NAME) {
        names.exact().forEach(name -> check(name, workers));
      } else {
        sweepAccount(iam, workers);
      }
    }
    checks.forEach((name, check) -> report.add(resultOf(name, check)));
    return report.build();
  }

  /** Reads the whole account, and checks by name those roles that are not right at first sight. */
  private void sweepAccount(IamRoles iam, ExecutorService workers) {
    Set<String> notSeen = new LinkedHashSet<>(names.exact());
    budget.begin("reading the account's roles");
    Optional<IamProblem> problem =
        iam.forEachRole(
            budget::left,
            role -> {
              if (isGuarded(role)) {
                notSeen.remove(role.name());
                look(role, workers);
              }
            });
    if (problem.isEmpty()) {
      // Missing roles: what a name asks for is created.
      notSeen.forEach(name -> check(name, workers));
      return;
    }
    String reason = budget.isSpent() ? "It was not checked: out of time." : problem.get().message();
    notSeen.forEach(name -> report.add(RoleReport.failed(name, reason)));
    names.patterns().stream()
        .map(RoleNamePattern::text)
        .forEach(
            pattern ->
                report.add(RoleReport.failed(pattern, "Not all roles were seen. " + reason)));
  }

  private boolean isGuarded(Present role) {
    return names.names(role.name()) || (names.cover(role.name()) && !role.isAwsOwn());
  }

  private void look(Present role, ExecutorService workers) {
    Check.Compared compared = Inspection.compare(spec.apply(role.name()), here, role);
    if (compared.findings().isEmpty()) {
      report.add(RoleReport.untouched(role.name(), compared));
    } else {
      check(role.name(), workers);
    }
  }

  /** Waits for a place, and so slows the reading down to the pace of the repairs. */
  private void check(String name, ExecutorService workers) {
    try {
      places.acquire();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      report.add(RoleReport.failed(name, "It was not checked: out of time."));
      return;
    }
    checks.put(
        name,
        workers.submit(
            LogFields.carriedTo(
                () -> {
                  try {
                    return guard.check(spec.apply(name), names.names(name), mode, here, budget);
                  } finally {
                    places.release();
                  }
                })));
  }

  private static RoleReport resultOf(String name, Future<RoleReport> check) {
    try {
      return check.get();
    } catch (ExecutionException unexpected) {
      return RoleReport.failed(
          name, "Unexpected: " + Objects.requireNonNull(unexpected.getCause()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return RoleReport.failed(name, "It was not checked: out of time.");
    }
  }
}
