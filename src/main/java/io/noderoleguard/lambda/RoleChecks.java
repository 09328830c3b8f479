package io.noderoleguard.lambda;

import io.noderoleguard.guard.Budget;
import io.noderoleguard.guard.Mode;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Report;
import io.noderoleguard.guard.Status;
import io.noderoleguard.role.NodeRoleSpec;
import java.time.Duration;
import java.util.List;
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
    Settings now = settings.get();
    return check(now, now.roleNames(), now.mode(), invocation);
  }

  /**
   * Checks the guarded roles, or the one that was asked for.
   *
   * @throws CheckFailedException when one is FAILED in the end
   * @throws RefusedEventException when the role is not guarded
   */
  Report direct(Event.Direct request, Invocation invocation) {
    Settings now = settings.get();
    List<String> names = request.roleName().map(List::of).orElse(now.roleNames());
    if (!now.roleNames().containsAll(names)) {
      throw new RefusedEventException(
          "the role \"%s\" is not guarded, but %s"
              .formatted(names.getFirst(), String.join(", ", now.roleNames())));
    }
    return check(now, names, request.mode().orElse(now.mode()), invocation);
  }

  private Report check(Settings now, List<String> names, Mode mode, Invocation invocation) {
    List<NodeRoleSpec> specs = names.stream().map(now::spec).toList();
    Budget budget = Budget.of(invocation.left().minus(TO_REPORT));
    Report report =
        TimedWork.call(budget, () -> guard.get().run(specs, mode, invocation.here(), budget));
    if (report.status() == Status.FAILED) {
      throw new CheckFailedException(report);
    }
    return report;
  }
}
