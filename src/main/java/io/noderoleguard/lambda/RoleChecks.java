package io.noderoleguard.lambda;

import io.noderoleguard.guard.Budget;
import io.noderoleguard.guard.Mode;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Report;
import io.noderoleguard.guard.Status;
import io.noderoleguard.role.RoleNames;
import io.noderoleguard.role.SpecRules;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/** The checks that nobody waits for but the schedule, a person or a pipeline. */
final class RoleChecks {

  /** What is kept of the function's time to tell how a check ended. */
  private static final Duration TO_REPORT = Duration.ofSeconds(2);

  private final Supplier<Settings> settings;
  private final Supplier<NodeRoleGuard> guard;

  RoleChecks(Supplier<Settings> settings, Supplier<NodeRoleGuard> guard) {
    this.settings = settings;
    this.guard = guard;
  }

  /**
   * Checks all guarded roles.
   *
   * @throws CheckFailedException when one is FAILED in the end
   */
  Report scheduled(Invocation invocation) {
    return all(settings.get().mode(), invocation);
  }

  /**
   * Checks the guarded roles, or the one that was asked for.
   *
   * @throws CheckFailedException when one is FAILED in the end
   * @throws RefusedEventException when the role is not guarded
   */
  Report direct(Event.Direct request, Invocation invocation) {
    Mode mode = request.mode().orElseGet(() -> settings.get().mode());
    return request
        .roleName()
        .map(name -> one(name, mode, invocation))
        .orElseGet(() -> all(mode, invocation));
  }

  private Report all(Mode mode, Invocation invocation) {
    Settings now = settings.get();
    return inTime(
        invocation,
        budget -> guard.get().runAll(now.roleNames(), now::spec, mode, invocation.here(), budget));
  }

  private Report one(String roleName, Mode mode, Invocation invocation) {
    Settings now = settings.get();
    RoleNames names = now.roleNames();
    if (SpecRules.roleName(roleName).isPresent() || !names.cover(roleName)) {
      throw new RefusedEventException(
          "the role \"%s\" is not guarded, but %s".formatted(roleName, names));
    }
    return inTime(
        invocation,
        budget ->
            guard
                .get()
                .runOne(
                    now.spec(roleName), names.names(roleName), mode, invocation.here(), budget));
  }

  private static Report inTime(Invocation invocation, Function<Budget, Report> check) {
    Budget budget = Budget.of(invocation.left().minus(TO_REPORT));
    Report report = TimedWork.call(budget, () -> check.apply(budget));
    if (report.status() == Status.FAILED) {
      throw new CheckFailedException(report);
    }
    return report;
  }
}
