package io.noderoleguard.lambda;

import io.noderoleguard.event.Direct;
import io.noderoleguard.event.RefusedEventException;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Run;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.role.Target;
import io.noderoleguard.settings.Settings;
import java.util.function.Function;
import java.util.function.Supplier;

/** Scheduled and direct checks: every check but those for CloudFormation. */
final class RequestedChecks {

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
    return all(now, now.mode(), new Cause.Schedule(), invocation);
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
        .orElseGet(() -> all(now, mode, new Cause.Asked(), invocation));
  }

  private static Target target(Settings now, String roleName) {
    return now.roles()
        .target(roleName)
        .orElseThrow(
            () ->
                new RefusedEventException(
                    "the role \"%s\" is not guarded, but %s".formatted(roleName, now.roles())));
  }

  private Report all(Settings now, Mode mode, Cause cause, Invocation invocation) {
    return inTime(
        mode, cause, invocation, run -> guard(now).checkAll(now.roles(), now.requirements(), run));
  }

  private Report one(Settings now, Target target, Mode mode, Invocation invocation) {
    return inTime(
        mode,
        new Cause.Asked(),
        invocation,
        run -> guard(now).check(target, now.requirements(), run));
  }

  private NodeRoleGuard guard(Settings now) {
    return guard.get().checking(now.clusters());
  }

  private static Report inTime(
      Mode mode, Cause cause, Invocation invocation, Function<Run, Report> check) {
    Run run = new Run(mode, invocation.home(), invocation.timeForChecks(), cause);
    return CheckFailedException.orReport(check.apply(run));
  }
}
