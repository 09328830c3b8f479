package io.noderoleguard.lambda;

import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonNumber;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Cause.RoleChanged;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.Coverage;
import io.noderoleguard.report.Coverage.UnguardedRole;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.report.Version;
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.Note;
import io.noderoleguard.role.Permissions;
import io.noderoleguard.role.SimulatedEffect;
import io.noderoleguard.role.SimulatedEffect.NotAsked;
import io.noderoleguard.trail.RecordedCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The report as JSON, in the shape that users' scripts rely on: at most 200,000 bytes. Roles that
 * do not fit are counted in {@code omittedRoles}; the log has them.
 */
public final class ReportJson {

  // A destination's event holds at most 256 KB, and the invocation's own data besides the report:
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
  private static final int MAX_BYTES_OF_ROLES = 190_000;

  private ReportJson() {}

  static JsonObject of(Report report) {
    JsonObject.Builder json =
        JsonObject.with()
            .member("status", report.status().name())
            .member("mode", report.mode().label())
            .member("counts", counts(report))
            .member("cause", cause(report.cause()));
    List<JsonValue> roles = new ArrayList<>();
    Optional<JsonArray> unguarded =
        report.coverage().map(coverage -> array(coverage.unguarded(), ReportJson::unguarded));
    int length =
        unguarded.map(all -> Json.write(all).getBytes(StandardCharsets.UTF_8).length).orElse(0);
    for (RoleReport each : report.roles()) {
      JsonObject role = role(each);
      length += Json.write(role).getBytes(StandardCharsets.UTF_8).length + 1;
      if (length > MAX_BYTES_OF_ROLES) {
        break;
      }
      roles.add(role);
    }
    json.member("roles", new JsonArray(roles));
    int omitted = report.roles().size() - roles.size();
    if (omitted > 0) {
      json.member("omittedRoles", new JsonNumber(String.valueOf(omitted)));
    }
    unguarded.ifPresent(all -> json.member("unguarded", all));
    report
        .coverage()
        .map(Coverage::unreadEntries)
        .filter(unread -> unread > 0)
        .ifPresent(
            unread -> json.member("unreadAccessEntries", new JsonNumber(String.valueOf(unread))));
    if (report.notVerified() > 0) {
      json.member("effectNotVerified", new JsonNumber(String.valueOf(report.notVerified())));
    }
    return json.member("summary", report.summary()).member("version", Version.CURRENT).build();
  }

  private static JsonObject cause(Cause cause) {
    JsonObject.Builder json = JsonObject.with().member("type", cause.type());
    if (cause instanceof RoleChanged changed) {
      changed.latest().ifPresent(call -> addTo(json, call));
    }
    return json.build();
  }

  private static void addTo(JsonObject.Builder json, RecordedCall call) {
    json.member("action", call.action());
    call.at().ifPresent(at -> json.member("at", at.toString()));
    call.caller().by().ifPresent(by -> json.member("by", by));
    call.caller().with().ifPresent(with -> json.member("with", with));
    call.caller().from().ifPresent(from -> json.member("from", from));
    call.eventId().ifPresent(id -> json.member("eventId", id));
  }

  private static JsonObject changedBy(RecordedCall call) {
    JsonObject.Builder json = JsonObject.with();
    addTo(json, call);
    return json.build();
  }

  private static JsonObject counts(Report report) {
    JsonObject.Builder counts = JsonObject.with();
    for (Status status : Status.values()) {
      counts.member(status.name(), new JsonNumber(String.valueOf(report.count(status))));
    }
    return counts.build();
  }

  private static JsonObject unguarded(UnguardedRole role) {
    return JsonObject.with()
        .member("roleArn", role.roleArn())
        .member("clusters", texts(role.clusters()))
        .member("usedBy", texts(role.usedBy()))
        .build();
  }

  private static JsonArray texts(List<String> texts) {
    return new JsonArray(texts.stream().<JsonValue>map(JsonString::new).toList());
  }

  private static JsonObject role(RoleReport report) {
    JsonObject.Builder role = JsonObject.with().member("roleName", report.roleName());
    report.role().ifPresent(present -> role.member("roleArn", present.arn()));
    role.member("status", report.status().name());
    report.problem().ifPresent(problem -> role.member("reason", problem));
    report.history().change().ifPresent(call -> role.member("changedBy", changedBy(call)));
    role.member("findings", array(report.findings(), ReportJson::finding))
        .member("changes", array(report.changes(), ReportJson::change));
    if (!report.remaining().isEmpty()) {
      role.member("remaining", array(report.remaining(), ReportJson::finding));
    }
    if (!report.notes().isEmpty()) {
      role.member("notes", array(report.notes(), ReportJson::note));
    }
    report.role().ifPresent(present -> addEffect(present.effect(), role));
    return role.build();
  }

  private static void addEffect(SimulatedEffect effect, JsonObject.Builder role) {
    if (effect instanceof NotAsked) {
      return;
    }
    Optional<String> whyNot = Permissions.whyNotVerified(effect);
    role.member("effect", whyNot.isEmpty() ? "VERIFIED" : "NOT_VERIFIED");
    whyNot.ifPresent(reason -> role.member("effectReason", reason));
  }

  private static JsonObject finding(Finding finding) {
    JsonObject.Builder json = JsonObject.with().member("type", finding.type());
    finding.details().forEach(json::member);
    return json.member("message", finding.message()).build();
  }

  private static JsonObject note(Note note) {
    JsonObject.Builder json = JsonObject.with().member("type", note.type());
    note.details().forEach(json::member);
    return json.member("message", note.message()).build();
  }

  private static JsonObject change(ChangeResult result) {
    JsonObject.Builder json = JsonObject.with().member("type", result.change().type());
    result.change().details().forEach(json::member);
    json.member("outcome", result.outcome().name());
    result
        .reason()
        .ifPresentOrElse(
            reason -> json.member("reason", reason),
            () -> json.member("message", result.change().message()));
    return json.build();
  }

  private static <T> JsonArray array(List<T> values, Function<T, JsonObject> toJson) {
    return new JsonArray(values.stream().<JsonValue>map(toJson).toList());
  }
}
