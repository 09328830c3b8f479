package io.noderoleguard.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonNumber;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.Coverage;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.Note;
import io.noderoleguard.role.Policies;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ReportJsonTest {

  private static JsonObject json(int failedRoles, String problem) {
    List<RoleReport> roles =
        IntStream.range(0, failedRoles)
            .mapToObj(
                i ->
                    new RoleReport(
                        "Role" + i,
                        Optional.empty(),
                        Status.FAILED,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.of(problem)))
            .toList();
    return ReportJson.of(
        new Report(
            Mode.REPAIR,
            new Cause.Schedule(),
            Map.of(Status.FAILED, failedRoles, Status.COMPLIANT, 7),
            roles,
            0));
  }

  @Test
  void aReportIsNeverLargerThan200KilobytesAndCountsWhatDoesNotFit() {
    JsonObject report = json(2_000, "ü".repeat(400));

    assertThat(Json.write(report).getBytes(StandardCharsets.UTF_8).length).isLessThan(200_000);
    int listed = ((JsonArray) report.get("roles")).elements().size();
    assertThat(listed).isGreaterThan(100);
    assertThat(report.get("omittedRoles"))
        .isEqualTo(new JsonNumber(String.valueOf(2_000 - listed)));
    assertThat(Json.write(report.get("counts")))
        .isEqualTo("{\"COMPLIANT\":7,\"REPAIRED\":0,\"DRIFTED\":0,\"FAILED\":2000}");
  }

  @Test
  void aReportThatFitsOmitsNothing() {
    JsonObject report = json(60, "x");

    assertThat(((JsonArray) report.get("roles")).elements()).hasSize(60);
    assertThat(report.members()).doesNotContainKey("omittedRoles");
  }

  @Test
  void theSummaryIsOneLineThatNeedsNoEscaping() {
    String summary = Json.write(json(50, "a \"b\"\n\\c\t" + "d".repeat(100)).get("summary"));

    assertThat(summary.substring(1, summary.length() - 1))
        .startsWith("57 roles: 7 COMPLIANT, 50 FAILED. Role0 is FAILED. a 'b' c ddd")
        .doesNotContain("\"", "\\")
        .hasSizeLessThanOrEqualTo(1_000)
        .matches(".*… and [0-9]+ more: the function's log has them.");
  }

  private static RoleReport noted(String name, Status status) {
    return new RoleReport(
        name,
        Optional.empty(),
        status,
        List.of(),
        List.of(),
        List.of(),
        List.of(new Note.TrustPolicyNarrowed(List.of("x"))),
        Optional.empty());
  }

  @Test
  void aRolesNotesAreListed() {
    JsonObject report =
        ReportJson.of(Report.of(Mode.REPAIR, new Cause.Schedule(), noted("r", Status.COMPLIANT)));

    assertThat(Json.write(report.get("roles")))
        .isEqualTo(
            """
            [{"roleName":"r","status":"COMPLIANT","findings":[],"changes":[],\
            "notes":[{"type":"TrustPolicyNarrowed","message":"The trust policy lets EC2 assume the\
             role only if x. That binds EC2 to the role's own account: left as it is."}]}]""");
  }

  @Test
  void theSummaryHasTheNotesOfARoleThatIsReportedAnyway() {
    Report one = Report.of(Mode.REPAIR, new Cause.Schedule(), noted("a", Status.COMPLIANT));
    Report two =
        new Report(
            Mode.REPAIR,
            new Cause.Schedule(),
            Map.of(Status.COMPLIANT, 1, Status.REPAIRED, 1),
            List.of(noted("a", Status.COMPLIANT), noted("b", Status.REPAIRED)),
            0);

    assertThat(one.summary()).startsWith("a is COMPLIANT. The trust policy lets EC2");
    assertThat(two.summary())
        .startsWith("2 roles: 1 COMPLIANT, 1 REPAIRED. b is REPAIRED. The trust policy lets EC2")
        .doesNotContain("a is COMPLIANT");
  }

  @Test
  void whatWasFoundAndWhatBecameOfItIsListedInOrder() {
    RoleReport role =
        new RoleReport(
            "r",
            Optional.empty(),
            Status.FAILED,
            List.of(new Policies.ManagedPolicyNotAttached("arn:p", List.of())),
            List.of(
                new ChangeResult(
                    new Change.AttachManagedPolicy("arn:p"),
                    ChangeResult.Outcome.FAILED,
                    Optional.of("no")),
                new ChangeResult(
                    new Change.CreateInstanceProfile("i", "/"),
                    ChangeResult.Outcome.APPLIED,
                    Optional.empty())),
            List.of(new Policies.ManagedPolicyNotAttached("arn:p", List.of())),
            List.of(),
            Optional.empty());

    JsonObject report =
        ReportJson.of(
            new Report(
                Mode.REPAIR, new Cause.Schedule(), Map.of(Status.FAILED, 1), List.of(role), 0));

    assertThat(Json.write(report.get("roles")))
        .isEqualTo(
            """
            [{"roleName":"r","status":"FAILED",\
            "findings":[{"type":"ManagedPolicyNotAttached","policyArn":"arn:p",\
            "message":"The managed policy arn:p is not attached."}],\
            "changes":[{"type":"AttachManagedPolicy","policyArn":"arn:p",\
            "outcome":"FAILED","reason":"no"},\
            {"type":"CreateInstanceProfile","instanceProfileName":"i","outcome":"APPLIED",\
            "message":"Created the instance profile i."}],\
            "remaining":[{"type":"ManagedPolicyNotAttached","policyArn":"arn:p",\
            "message":"The managed policy arn:p is not attached."}]}]""");
  }

  @Test
  void nodeRolesThatNothingGuardsAreListed() {
    Coverage coverage =
        new Coverage(
            List.of(
                new Coverage.UnguardedRole(
                    "arn:r", List.of("eu-west-1/a", "eu-west-1/b"), List.of("Auto Mode"))),
            3);
    Report checked =
        new Report(
            Mode.REPAIR,
            new Cause.Schedule(),
            Map.of(Status.COMPLIANT, 1),
            List.of(),
            0,
            Optional.of(coverage));

    JsonObject json = ReportJson.of(checked);

    assertThat(Json.write(json.get("unguarded")))
        .isEqualTo(
            """
            [{"roleArn":"arn:r","clusters":["eu-west-1/a","eu-west-1/b"],\
            "usedBy":["Auto Mode"]}]""");
    assertThat(Json.write(json.get("unreadAccessEntries"))).isEqualTo("3");
    assertThat(
            ReportJson.of(new Report(Mode.REPAIR, new Cause.Schedule(), Map.of(), List.of(), 0))
                .members())
        .doesNotContainKeys("unguarded", "unreadAccessEntries");
  }
}
