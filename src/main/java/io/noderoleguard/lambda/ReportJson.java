package io.noderoleguard.lambda;

import io.noderoleguard.guard.ChangeResult;
import io.noderoleguard.guard.Report;
import io.noderoleguard.guard.RoleReport;
import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.role.Finding;
import java.util.List;
import java.util.function.Function;

/** The report as JSON, in the shape that users' scripts rely on. */
final class ReportJson {

  private ReportJson() {}

  static JsonObject of(Report report) {
    return JsonObject.with()
        .member("status", report.status().name())
        .member("mode", report.mode().label())
        .member("roles", array(report.roles(), ReportJson::role))
        .member("summary", report.summary())
        .build();
  }

  private static JsonObject role(RoleReport report) {
    JsonObject.Builder role = JsonObject.with().member("roleName", report.roleName());
    report.role().ifPresent(present -> role.member("roleArn", present.arn()));
    role.member("status", report.status().name());
    report.problem().ifPresent(problem -> role.member("reason", problem));
    role.member("findings", array(report.findings(), ReportJson::finding))
        .member("changes", array(report.changes(), ReportJson::change));
    if (!report.remaining().isEmpty()) {
      role.member("remaining", array(report.remaining(), ReportJson::finding));
    }
    return role.build();
  }

  private static JsonObject finding(Finding finding) {
    JsonObject.Builder json = JsonObject.with().member("type", finding.type());
    finding.details().forEach(json::member);
    return json.member("message", finding.message()).build();
  }

  private static JsonObject change(ChangeResult result) {
    JsonObject.Builder json = JsonObject.with().member("type", result.change().type());
    result.change().details().forEach(json::member);
    json.member("outcome", result.outcome().name());
    result.reason().ifPresent(reason -> json.member("reason", reason));
    return json.build();
  }

  private static <T> JsonArray array(List<T> values, Function<T, JsonObject> toJson) {
    return new JsonArray(values.stream().<JsonValue>map(toJson).toList());
  }
}
