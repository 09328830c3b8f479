package io.noderoleguard.lambda;

import io.noderoleguard.event.Changed;
import io.noderoleguard.event.Queued;
import io.noderoleguard.event.Queued.Message.Read;
import io.noderoleguard.event.Queued.Message.Refused;
import io.noderoleguard.event.RefusedEventException;
import io.noderoleguard.eventbridge.EventBus;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Run;
import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.Text;
import io.noderoleguard.report.Cause.RoleChanged;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.Target;
import io.noderoleguard.settings.Settings;
import io.noderoleguard.trail.RecordedCall;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Checks of roles that someone has changed. The events only say which roles to read: many of one
 * role are one check, and what is not guarded takes no call.
 */
final class ChangedRoles {

  private static final int MAX_ID = 100;

  private final Supplier<Settings> settings;
  private final Supplier<NodeRoleGuard> guard;
  private final EventBus bus;

  /**
   * @param bus is sent what was found and done for a batch
   */
  ChangedRoles(Supplier<Settings> settings, Supplier<NodeRoleGuard> guard, EventBus bus) {
    this.settings = settings;
    this.guard = guard;
    this.bus = bus;
  }

  /**
   * Serves one event.
   *
   * @throws CheckFailedException when a role is FAILED in the end
   */
  Report one(Changed event, Invocation invocation) {
    Settings now = settings.get();
    Concern concern = Concern.of(event.call(), now, invocation.home().partition());
    return CheckFailedException.orReport(
        check(List.of(event.call()), List.of(concern), now, invocation));
  }

  /**
   * Serves a batch in one run, and sends its report to the event bus unless all is compliant:
   * Lambda sends nothing of an invocation that SQS waits for.
   *
   * @return the IDs of the messages that SQS is to keep: those that cannot be read, and those of a
   *     role that is FAILED in the end
   */
  Set<String> batch(Queued event, Invocation invocation) {
    Settings now = settings.get();
    Set<String> kept = new LinkedHashSet<>();
    Map<Read, Concern> concerns = new LinkedHashMap<>();
    for (Queued.Message message : event.messages()) {
      switch (message) {
        case Read read ->
            concerns.put(read, Concern.of(read.event().call(), now, invocation.home().partition()));
        case Refused(var id, var refusal) -> {
          logRefusal(id, refusal);
          kept.add(id);
        }
      }
    }
    List<RecordedCall> calls =
        concerns.entrySet().stream()
            .filter(each -> !each.getValue().isEmpty())
            .map(each -> each.getKey().event().call())
            .toList();
    Report report = check(calls, concerns.values(), now, invocation);
    if (report.status() != Status.COMPLIANT) {
      ChangeNotice.send(report, bus, invocation);
    }
    concerns.forEach(
        (message, concern) -> {
          if (hasFailed(concern, report)) {
            kept.add(message.id());
          }
        });
    return kept;
  }

  private Report check(
      List<RecordedCall> calls, Collection<Concern> concerns, Settings now, Invocation invocation) {
    RoleChanged cause = new RoleChanged(calls);
    if (concerns.stream().allMatch(Concern::isEmpty)) {
      return Report.ofNothing(now.mode(), cause);
    }
    Run run = new Run(now.mode(), invocation.home(), invocation.timeForChecks(), cause);
    return concerns.stream().anyMatch(Concern.All.class::isInstance)
        ? guard.get().checkAll(now.roles(), now.requirements(), run)
        : guard.get().check(targets(concerns), now.requirements(), run);
  }

  private static Set<Target> targets(Collection<Concern> concerns) {
    return concerns.stream()
        .flatMap(
            concern ->
                switch (concern) {
                  case Concern.Some(var targets) -> targets.stream();
                  case Concern.All() -> Stream.of();
                })
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** A role that the report does not have was not reached. */
  private static boolean hasFailed(Concern concern, Report report) {
    return switch (concern) {
      case Concern.All() -> report.status() == Status.FAILED;
      case Concern.Some(var targets) ->
          report.status() == Status.FAILED
              && targets.stream().anyMatch(target -> !isKnownNotToHaveFailed(target, report));
    };
  }

  private static boolean isKnownNotToHaveFailed(Target target, Report report) {
    return report.roles().stream()
        .anyMatch(role -> role.roleName().equals(target.name()) && role.status() != Status.FAILED);
  }

  private static void logRefusal(String id, RefusedEventException refusal) {
    LoggerFactory.getLogger(ChangedRoles.class)
        .error(
            "The message {} of the queue cannot be read. {}",
            Text.printable(id, MAX_ID),
            refusal.getMessage());
  }

  /**
   * The <a
   * href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">response</a>
   * by which SQS deletes all messages of a batch but these.
   */
  static JsonObject response(Set<String> kept) {
    return JsonObject.with()
        .member(
            "batchItemFailures",
            new JsonArray(
                kept.stream()
                    .<JsonValue>map(id -> JsonObject.with().member("itemIdentifier", id).build())
                    .toList()))
        .build();
  }
}
