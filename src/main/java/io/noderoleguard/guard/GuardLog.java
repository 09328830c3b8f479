package io.noderoleguard.guard;

import static java.util.stream.Collectors.joining;

import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Cause.RoleChanged;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.Coverage.UnguardedRole;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleHistory;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.report.Version;
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.Note;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line for each finding, note and change, at the moment when it is known: whatever becomes of
 * the run afterwards, the log has it. And one for the report. Fields: {@code role}; {@code
 * finding}, {@code note}, or {@code change} with {@code outcome}; their details by their names;
 * {@code status}, {@code mode} and, where clusters were checked, {@code unguarded} for the report;
 * {@code unguardedRole} for a node role that nothing guards; {@code changed_by}, {@code
 * changed_at}, {@code change_action}, {@code repair_delay_ms} and {@code repeated_repairs} for who
 * changed a role.
 */
final class GuardLog {

  private static final Logger LOGGER = LoggerFactory.getLogger(GuardLog.class);

  private GuardLog() {}

  static void finding(String roleName, Finding finding) {
    line(LOGGER.atWarn(), roleName, finding.details())
        .addKeyValue("finding", finding.type())
        .log(finding.message());
  }

  static void notes(String roleName, List<Note> notes) {
    for (Note note : notes) {
      line(LOGGER.atInfo(), roleName, note.details())
          .addKeyValue("note", note.type())
          .log(note.message());
    }
  }

  static void change(String roleName, ChangeResult result) {
    LoggingEventBuilder line = result.isApplied() ? LOGGER.atInfo() : LOGGER.atError();
    line(line, roleName, result.change().details())
        .addKeyValue("change", result.change().type())
        .addKeyValue("outcome", result.outcome().name())
        .log(result.message());
  }

  static void unguarded(UnguardedRole role) {
    LOGGER
        .atWarn()
        .addKeyValue("unguardedRole", role.roleArn())
        .addKeyValue("clusters", String.join(", ", role.clusters()))
        .addKeyValue("usedBy", String.join(", ", role.usedBy()))
        .log(role.message());
  }

  /** Who changed each role that is not compliant, or was not. */
  static void histories(Report report) {
    for (RoleReport role : report.roles()) {
      if (!role.history().equals(RoleHistory.NONE)) {
        history(role.roleName(), role.history(), report.cause());
      }
    }
  }

  private static void history(String roleName, RoleHistory history, Cause cause) {
    Map<String, Object> fields = new LinkedHashMap<>();
    history
        .change()
        .ifPresent(
            call -> {
              call.caller().by().ifPresent(by -> fields.put("changed_by", by));
              call.at().ifPresent(at -> fields.put("changed_at", at));
              fields.put("change_action", call.action());
            });
    if (cause instanceof RoleChanged) {
      history.repairedAfter().ifPresent(time -> fields.put("repair_delay_ms", time.toMillis()));
    }
    history.repetition().ifPresent(often -> fields.put("repeated_repairs", often.repairs()));
    if (!fields.isEmpty()) {
      line(LOGGER.atWarn(), roleName, fields).log(history.words().collect(joining(" ")));
    }
  }

  static void report(Report report) {
    LoggingEventBuilder line =
        report.status() == Status.FAILED ? LOGGER.atError() : LOGGER.atInfo();
    LoggingEventBuilder whole =
        line.addKeyValue("status", report.status().name())
            .addKeyValue("mode", report.mode().label())
            .addKeyValue("version", Version.CURRENT);
    report
        .coverage()
        .map(coverage -> whole.addKeyValue("unguarded", coverage.unguarded().size()))
        .orElse(whole)
        .log(report.summary());
  }

  private static LoggingEventBuilder line(
      LoggingEventBuilder start, String roleName, Map<String, ?> details) {
    LoggingEventBuilder line = start.addKeyValue("role", roleName);
    for (var detail : details.entrySet()) {
      line = line.addKeyValue(detail.getKey(), detail.getValue());
    }
    return line;
  }
}
