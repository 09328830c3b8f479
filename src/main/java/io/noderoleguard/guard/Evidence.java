package io.noderoleguard.guard;

import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Cause.RoleChanged;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.RoleHistory;
import io.noderoleguard.report.RoleHistory.Repetition;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.Finding;
import io.noderoleguard.trail.RecordedCall;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The recorded calls that may have to do with what was found of a role, the latest first.
 *
 * @param causes by others: those that started the run
 * @param others by others: those of the event history
 * @param own the guard's own
 */
record Evidence(
    RoleReport role, List<RecordedCall> causes, List<RecordedCall> others, List<RecordedCall> own) {

  /** The same repair so often within the window is no coincidence: something undoes it. */
  private static final int MIN_REPAIRS = 3;

  private static final Duration WINDOW = Duration.ofDays(1);

  private static final int MAX_NAMED = 3;

  /** Chooses the calls that changed something, and may be this role's. */
  static Evidence of(
      RoleReport role, Cause cause, List<RecordedCall> asked, Optional<String> ownRoleArn) {
    List<RecordedCall> causes =
        cause instanceof RoleChanged(var calls) ? relevant(calls, role) : List.of();
    List<RecordedCall> history = relevant(asked, role);
    return new Evidence(
        role,
        causes.stream().filter(call -> !isBy(ownRoleArn, call)).toList(),
        history.stream().filter(call -> !isBy(ownRoleArn, call)).toList(),
        history.stream().filter(call -> isBy(ownRoleArn, call)).toList());
  }

  private static boolean isBy(Optional<String> roleArn, RecordedCall call) {
    return roleArn.filter(call::isBy).isPresent();
  }

  private static List<RecordedCall> relevant(List<RecordedCall> calls, RoleReport role) {
    return calls.stream()
        .filter(RecordedCall::isEffective)
        .filter(call -> isOf(role, call))
        .sorted(RecordedCall.BY_TIME.reversed())
        .toList();
  }

  /** Whether a call names the role or the profile of its name, or neither a role nor a profile. */
  private static boolean isOf(RoleReport role, RecordedCall call) {
    Optional<String> named = call.subject().roleName();
    Optional<String> profile = call.subject().instanceProfileName();
    return (named.isEmpty() && profile.isEmpty())
        || Stream.concat(named.stream(), profile.stream())
            .anyMatch(role.roleName()::equalsIgnoreCase);
  }

  /** Whether the event history can add something: who it was, or that it was not the first time. */
  boolean isIncomplete() {
    return explanation(causes).isEmpty()
        || role.changes().stream().anyMatch(ChangeResult::isApplied);
  }

  /**
   * What the calls say.
   *
   * @param started when the run began, whose own calls do not count
   */
  RoleHistory history(Instant started, Instant now) {
    Optional<RecordedCall> explanation = explanation(causes).or(() -> explanation(others));
    return new RoleHistory(
        explanation.or(
            () ->
                causes.stream().filter(call -> call.subject().roleName().isPresent()).findFirst()),
        explanation
            .flatMap(RecordedCall::at)
            .map(at -> Duration.between(at, now))
            .filter(time -> role.status() == Status.REPAIRED && !time.isNegative()),
        repetition(started),
        now);
  }

  /** The last call that can have brought about the first finding that any can. */
  private Optional<RecordedCall> explanation(List<RecordedCall> calls) {
    return role.findings().stream()
        .flatMap(finding -> calls.stream().filter(call -> explains(call, finding)).limit(1))
        .findFirst();
  }

  private static boolean explains(RecordedCall call, Finding finding) {
    return finding.actions().contains(call.action())
        && call.subject().policyArn().map(finding::concerns).orElse(true);
  }

  /** Of the changes that were made, the one that was made most often. */
  private Optional<Repetition> repetition(Instant started) {
    return role.changes().stream()
        .filter(ChangeResult::isApplied)
        .map(result -> earlier(result.change(), started))
        .filter(repairs -> repairs.size() + 1 >= MIN_REPAIRS)
        .max(Comparator.comparingInt(List::size))
        .map(
            repairs -> {
              Instant first = repairs.getLast();
              return new Repetition(repairs.size() + 1, first, undoneBySince(first));
            });
  }

  /** When the guard made the same change: each was a repair, since it was needed. */
  private List<Instant> earlier(Change change, Instant started) {
    // CloudTrail's times are in seconds.
    Instant end = started.truncatedTo(ChronoUnit.SECONDS);
    return own.stream()
        .filter(call -> call.action().equals(change.action()))
        .filter(
            call ->
                call.subject()
                    .policyArn()
                    .map(arn -> change.details().getOrDefault("policyArn", arn).equals(arn))
                    .orElse(true))
        .flatMap(call -> call.at().stream())
        .filter(at -> at.isBefore(end) && at.isAfter(started.minus(WINDOW)))
        .toList();
  }

  private List<String> undoneBySince(Instant first) {
    return Stream.concat(causes.stream(), others.stream())
        .filter(call -> role.findings().stream().anyMatch(finding -> explains(call, finding)))
        .filter(call -> call.at().filter(at -> at.isBefore(first)).isEmpty())
        .map(call -> call.caller().words())
        .distinct()
        .limit(MAX_NAMED)
        .toList();
  }
}
