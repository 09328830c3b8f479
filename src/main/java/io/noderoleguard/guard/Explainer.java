package io.noderoleguard.guard;

import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.cloudtrail.EventHistory;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.trail.RecordedCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.slf4j.LoggerFactory;

/**
 * Says who changed the roles that are not compliant, or were not: by the changes that started the
 * run, else by the account's event history. It changes no status, and what it cannot find out is
 * not said.
 */
public final class Explainer {

  /** How long a run waits at most to hear who it was. */
  private static final Duration LIMIT = Duration.ofSeconds(3);

  /** With less than this, nothing is asked. */
  private static final Duration TOO_SHORT = Duration.ofMillis(300);

  /** Asks nobody: only the changes that started a run are known. */
  public static final Explainer WITHOUT_HISTORY = new Explainer(Optional.empty(), Optional.empty());

  private final Optional<EventHistory> history;
  private final Optional<String> ownRoleArn;

  /**
   * @param history asked only where something differs
   * @param ownRoleArn the role of the function, by which its own calls are known; without it, no
   *     repeated repair is recognized
   */
  public Explainer(Optional<EventHistory> history, Optional<String> ownRoleArn) {
    this.history = history;
    this.ownRoleArn = ownRoleArn;
  }

  /**
   * The same report, which also says who changed the roles.
   *
   * @param started when the run began
   */
  Report explain(Report report, Run run, Instant started) {
    if (report.roles().stream().noneMatch(Explainer::isExplicable)) {
      return report;
    }
    Map<String, List<RecordedCall>> answers =
        history.map(asked -> ask(asked, report, run)).orElse(Map.of());
    return report.withRoles(
        role ->
            isExplicable(role)
                ? role.with(
                    evidence(role, run, answers.getOrDefault(role.roleName(), List.of()))
                        .history(started, Instant.now()))
                : role);
  }

  /** Whether there is anything that a call can have brought about. */
  private static boolean isExplicable(RoleReport role) {
    return role.findings().stream().anyMatch(finding -> !finding.actions().isEmpty());
  }

  private Evidence evidence(RoleReport role, Run run, List<RecordedCall> asked) {
    return Evidence.of(role, run.cause(), asked, ownRoleArn);
  }

  /** The event history by role, as far as it is known in time. */
  private Map<String, List<RecordedCall>> ask(EventHistory asked, Report report, Run run) {
    Map<String, List<RecordedCall>> answers = new ConcurrentHashMap<>();
    Duration half = run.budget().left().dividedBy(2);
    Budget budget = Budget.of(half.compareTo(LIMIT) < 0 ? half : LIMIT);
    if (budget.left().compareTo(TOO_SHORT) < 0) {
      return answers;
    }
    try {
      TimedWork.call(budget, Executors.callable(() -> ask(asked, report, run, budget, answers)));
    } catch (OutOfTimeException late) {
      // What is known by now must do.
    }
    return Map.copyOf(answers);
  }

  private void ask(
      EventHistory asked,
      Report report,
      Run run,
      Budget budget,
      Map<String, List<RecordedCall>> answers) {
    for (RoleReport role : report.roles()) {
      if (budget.left().compareTo(TOO_SHORT) < 0) {
        return;
      }
      if (!isExplicable(role) || !evidence(role, run, List.of()).isIncomplete()) {
        continue;
      }
      switch (asked.ofResource(role.roleName(), run.home().partition(), budget.left())) {
        case Ok<List<RecordedCall>>(var calls) -> answers.put(role.roleName(), calls);
        case Failed<List<RecordedCall>>(var problem) -> {
          LoggerFactory.getLogger(Explainer.class)
              .info("It is not known who changed {}: {}", role.roleName(), problem.message());
          return;
        }
      }
    }
  }
}
