package io.noderoleguard.lambda;

import io.noderoleguard.event.Direct;
import io.noderoleguard.event.RefusedEventException;
import io.noderoleguard.guard.Budget;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Run;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.Target;
import io.noderoleguard.settings.Settings;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/** Scheduled and direct checks: every check but those for CloudFormation. */
final class RequestedChecks {

  /** What is kept of the function's time to report how a check ended. */
  private static final Duration RESERVED_FOR_REPORT = Duration.ofSeconds(2);

  private final Supplier<Settings> settings;
  private final Supplier<NodeRoleGuard> guard;

  RequestedChecks(Supplier<Settings> settings, Supplier<NodeRoleGuard> guard) {
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
    return all(now, now.mode(), invocation);
  }

  /**
   * Checks the guarded roles, or the one that was asked for.
   *
   * @throws CheckFailedException when one is FAILED in the end
   * @throws RefusedEventException when the role is not guarded
   */
  Report direct(Direct request, Invocation invocation) {
    Settings now = settings.get();
    Mode mode = request.mode().orElse(now.mode());
    return request
        .roleName()
        .map(name -> one(now, target(now, name), mode, invocation))
        .orElseGet(() -> all(now, mode, invocation));
  }

  private static Target target(Settings now, String roleName) {
    return now.roles()
        .target(roleName)
        .orElseThrow(
            () ->
                new RefusedEventException(
                    "the role \"%s\" is not guarded, but %s".formatted(roleName, now.roles())));
  }

  private Report all(Settings now, Mode mode, Invocation invocation) {
    return inTime(
        mode, invocation, run -> guard(now).checkAll(now.roles(), now.requirements(), run));
  }

  private Report one(Settings now, Target target, Mode mode, Invocation invocation) {
    return inTime(mode, invocation, run -> guard(now).check(target, now.requirements(), run));
  }

  private NodeRoleGuard guard(Settings now) {
    return guard.get().checking(now.clusters());
  }

  private static Report inTime(Mode mode, Invocation invocation, Function<Run, Report> check) {
    Budget budget = Budget.of(invocation.time().left().minus(RESERVED_FOR_REPORT));
    Run run = new Run(mode, invocation.home(), budget);
    Report report = check.apply(run);
    if (report.status() == Status.FAILED) {
      throw new CheckFailedException(report);
    }
    return report;
  }
}
