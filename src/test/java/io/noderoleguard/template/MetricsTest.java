package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noderoleguard.local.eks.EmbeddedEks;
import io.noderoleguard.local.http.HttpReply;
import io.noderoleguard.local.http.HttpServer;
import io.noderoleguard.local.iam.DriftedRole;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.lambda.FunctionOptions;
import io.noderoleguard.local.lambda.LocalLambda;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the metric filters make of the lines that the function itself writes. */
final class MetricsTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String FUNCTION =
      "arn:aws:lambda:eu-central-1:123456789012:function:eks-node-role-guard";

  /** Lines that Lambda itself writes in between; there are many of them. */
  private static final List<String> OF_LAMBDA =
      List.of(
          """
          {"time":"2026-01-15T03:00:00.000Z","type":"platform.start",
           "record":{"requestId":"c6af9ac6-7b61-11e6-9a41-93e812345678","version":"3"}}\
          """,
          """
          {"time":"2026-01-15T03:00:04.000Z","type":"platform.report",
           "record":{"requestId":"c6af9ac6-7b61-11e6-9a41-93e812345678","status":"success",
           "metrics":{"durationMs":4000.1,"billedDurationMs":4001,"memorySizeMB":512}}}\
          """,
          """
          {"timestamp":"2026-01-15T03:00:04.000Z","level":"INFO","message":"status mode finding",
           "AWSRequestId":"c6af9ac6-7b61-11e6-9a41-93e812345678"}\
          """);

  /** The fields of the function's lines that the filters and the dashboard read. */
  static final List<String> FIELDS =
      List.of(
          "change",
          "change_action",
          "changed_at",
          "changed_by",
          "finding",
          "function_arn",
          "function_request_id",
          "level",
          "message",
          "mode",
          "note",
          "outcome",
          "repair_delay_ms",
          "repeated_repairs",
          "role",
          "status",
          "unsent");

  private static final String GUARD_ROLE_ARN = "arn:aws:iam::123456789012:role/guard";

  private static final List<JsonNode> LINES = new ArrayList<>();

  /** Every status, and every outcome of a change, by each alias. */
  @BeforeAll
  static void runTheFunction() throws Exception {
    String scheduled = Files.readString(Path.of("events", "scheduler.json"));
    try (EmbeddedIam iam = EmbeddedIam.start();
        EmbeddedEks eks = EmbeddedEks.start(iam.account())) {
      DriftedRole.addTo(iam.account());
      // Runs in the Region of Lambda's emulator.
      for (String region : List.of("us-east-1", "eu-central-1")) {
        eks.account().createCluster(region, "prod", "API");
        eks.account()
            .autoMode(
                region,
                "prod",
                iam.account().awsPolicyArn("x").replace("aws:policy", "123456789012:role"));
      }
      Map<String, String> environment =
          Map.of(
              "AWS_ENDPOINT_URL_IAM",
              iam.endpoint().toString(),
              "AWS_ENDPOINT_URL_EKS",
              eks.endpoint().toString(),
              "CLUSTERS",
              "prod");
      try (LocalLambda nightly = function("nightly", environment)) {
        assertThat(nightly.invoke(scheduled).body()).contains("REPAIRED");
        iam.account()
            .updateAssumeRolePolicy(
                DriftedRole.NAME,
                iam.account()
                    .getRole(DriftedRole.NAME)
                    .trustPolicy()
                    .replace("\"sts:AssumeRole\"", "[\"sts:AssumeRole\",\"sts:TagSession\"]"));
        assertThat(nightly.invoke(scheduled).body()).contains("COMPLIANT");

        iam.account().removeRoleFromInstanceProfile(DriftedRole.NAME, DriftedRole.NAME);
        iam.account().createRole("Other", iam.account().getRole(DriftedRole.NAME).trustPolicy());
        iam.account().addRoleToInstanceProfile(DriftedRole.NAME, "Other");
        assertThat(nightly.invoke(scheduled).body()).contains("DRIFTED");

        iam.account().deleteRoleAndWhatItHas(DriftedRole.NAME);
        iam.faults().always("CreateRole", new Fault.Denied());
        assertThat(nightly.invoke(scheduled).error()).isPresent();
        collect(nightly.awaitLog("\"status\":\"FAILED\"", Duration.ofSeconds(10)));
      }
      try (LocalLambda live = function("live", environment)) {
        assertThat(live.invoke("{\"mode\":\"Audit\"}").body()).contains("DRIFTED");
        collect(live.awaitLog("\"status\":\"DRIFTED\"", Duration.ofSeconds(10)));
      }
    }
    checkForChanges();
    for (String line : OF_LAMBDA) {
      LINES.add(JSON.readTree(line));
    }
  }

  /** What finds drift and leaves it alone, what repairs it once more, and what finds none. */
  private static void checkForChanges() throws Exception {
    String changed = Files.readString(Path.of("events", "role-changed-queue.json"));
    InetAddress here = InetAddress.getLoopbackAddress();
    try (EmbeddedIam iam = EmbeddedIam.start();
        HttpServer trail = new HttpServer(here, 0, _ -> earlierRepairs())) {
      DriftedRole.addTo(iam.account());
      Map<String, String> environment =
          Map.of(
              "AWS_ENDPOINT_URL_IAM",
              iam.endpoint().toString(),
              "AWS_ENDPOINT_URL_CLOUDTRAIL",
              "http://%s:%d".formatted(here.getHostAddress(), trail.port()),
              // Nothing listens there.
              "AWS_ENDPOINT_URL_EVENTBRIDGE",
              "http://127.0.0.1:1",
              "GUARD_ROLE_ARN",
              GUARD_ROLE_ARN);
      try (LocalLambda changes = function("changes", environment)) {
        assertThat(changes.invoke("{\"mode\":\"Audit\"}").body()).contains("DRIFTED");
        assertThat(changes.invoke(changed).body())
            .as("the response to a batch of changes")
            .isEqualTo("{\"batchItemFailures\":[]}");
        assertThat(changes.invoke(changed).body()).isEqualTo("{\"batchItemFailures\":[]}");
        collect(changes.awaitLog("\"status\":\"COMPLIANT\"", Duration.ofSeconds(10)));
      }
    }
  }

  /** What CloudTrail's LookupEvents returns: the guard has attached the policy before. */
  private static HttpReply earlierRepairs() {
    ArrayNode events = JSON.createArrayNode();
    for (int hours = 1; hours <= 3; hours++) {
      ObjectNode call =
          JSON.createObjectNode()
              .put("eventSource", "iam.amazonaws.com")
              .put("eventName", "AttachRolePolicy")
              .put("eventTime", Instant.now().minus(Duration.ofHours(hours)).toString());
      call.putObject("userIdentity")
          .putObject("sessionContext")
          .putObject("sessionIssuer")
          .put("arn", GUARD_ROLE_ARN);
      call.putObject("requestParameters")
          .put("roleName", DriftedRole.NAME)
          .put("policyArn", "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy");
      events.addObject().put("CloudTrailEvent", call.toString());
    }
    return new HttpReply.Answer(
        200,
        "application/x-amz-json-1.1",
        JSON.createObjectNode().set("Events", events).toString());
  }

  private static LocalLambda function(String alias, Map<String, String> environment)
      throws Exception {
    return LocalLambda.start(
        new FunctionOptions().functionArn(FUNCTION + ":" + alias).environment(environment));
  }

  private static void collect(String log) throws Exception {
    for (String line : log.lines().toList()) {
      if (line.startsWith("{")) {
        LINES.add(JSON.readTree(line));
      }
    }
  }

  @Test
  void reportsAreCountedByStatus() throws Exception {
    assertThat(counted("ReportsFilter"))
        .containsExactly(
            Map.of("Status", "REPAIRED"),
            Map.of("Status", "COMPLIANT"),
            Map.of("Status", "DRIFTED"),
            Map.of("Status", "FAILED"),
            Map.of("Status", "DRIFTED"),
            Map.of("Status", "DRIFTED"),
            Map.of("Status", "REPAIRED"),
            Map.of("Status", "COMPLIANT"));
  }

  @Test
  void notesAreCountedByType() throws Exception {
    // Once of a compliant role, and once of one that differs in something else.
    Map<String, String> tagging = Map.of("Type", "TrustPolicyTagsSessions");
    assertThat(counted("NotesFilter")).containsExactly(tagging, tagging);
  }

  @Test
  void findingsAreCountedByType() throws Exception {
    assertThat(counted("FindingsFilter"))
        .contains(
            Map.of("Type", "TrustPolicyDiffers"),
            Map.of("Type", "ManagedPolicyNotAttached"),
            Map.of("Type", "InstanceProfileMissing"),
            Map.of("Type", "InstanceProfileHoldsOtherRole"),
            Map.of("Type", "RoleMissing"))
        .hasSameSizeAs(LINES.stream().filter(line -> line.has("finding")).toList());
  }

  @Test
  void changesAreCountedByOutcome() throws Exception {
    assertThat(counted("ChangesFilter"))
        .contains(
            Map.of("Outcome", "APPLIED"), Map.of("Outcome", "FAILED"), Map.of("Outcome", "SKIPPED"))
        .hasSameSizeAs(LINES.stream().filter(line -> line.has("change")).toList());
  }

  @Test
  void whatIsLoggedAsAnErrorIsCounted() throws Exception {
    assertThat(matched("LoggedErrorsFilter"))
        .isNotEmpty()
        .containsExactlyElementsOf(
            LINES.stream().filter(line -> line.path("level").asText().equals("ERROR")).toList());
  }

  @Test
  void aScheduledCheckThatWorkedIsCounted() throws Exception {
    assertThat(statuses("ScheduledChecksFilter"))
        .containsExactly("REPAIRED", "COMPLIANT", "DRIFTED");
  }

  @Test
  void driftIsWhatIsFoundAfterAChangeAndGoneWhenAScheduledCheckFindsNone() throws Exception {
    assertThat(statuses("DriftFilter")).containsExactly("DRIFTED", "DRIFTED");
    assertThat(statuses("NoDriftFilter")).containsExactly("REPAIRED", "COMPLIANT");
    assertThat(transformation("DriftFilter").path("MetricValue").asText()).isEqualTo("1");
    assertThat(transformation("NoDriftFilter").path("MetricValue").asText()).isEqualTo("0");
    assertThat(transformation("NoDriftFilter").path("MetricName"))
        .isEqualTo(transformation("DriftFilter").path("MetricName"));
  }

  @Test
  void aReportThatCouldNotBeSentIsCounted() throws Exception {
    assertThat(matched("UnsentFilter"))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.path("unsent").asText()).isEqualTo("REPAIRED");
              assertThat(line.path("message").asText())
                  .contains("events:PutEvents", "NodeInstanceRole is REPAIRED.");
            });
  }

  @Test
  void howLongARoleDifferedAndHowOftenItWasRepairedAreMeasured() throws Exception {
    assertThat(measured("RepairDelayFilter")).singleElement().satisfies(MetricsTest::isPositive);
    assertThat(measured("RepeatedRepairsFilter"))
        .isNotEmpty()
        .allSatisfy(repairs -> assertThat(repairs.asInt()).isEqualTo(4));
  }

  private static void isPositive(JsonNode number) {
    assertThat(number.isNumber()).isTrue();
    assertThat(number.asLong()).isPositive();
  }

  /** The values of each data point, which a filter takes from a field. */
  private static List<JsonNode> measured(String filter) throws Exception {
    String value = transformation(filter).path("MetricValue").asText();
    assertThat(value).startsWith("$.");
    return matched(filter).stream().map(line -> line.path(value.substring(2))).toList();
  }

  @Test
  void theFunctionWritesTheFieldsThatAreRead() {
    assertThat(FIELDS)
        .allSatisfy(
            field ->
                assertThat(LINES)
                    .anySatisfy(line -> assertThat(line.path(field).isValueNode()).isTrue()));
  }

  private static Deployment withClusters() throws Exception {
    return Deployment.in("aws", Map.of("Clusters", "*"));
  }

  /** The value of the metric is a number of the log's. */
  @Test
  void theNodeRolesThatNothingGuardsAreCountedByTheNightlyCheck() throws Exception {
    assertThat(properties("UnguardedFilter").at("/MetricTransformations/0/MetricValue").asText())
        .isEqualTo("$.unguarded");
    assertThat(
            matched("UnguardedFilter").stream()
                .map(line -> line.path("unguarded"))
                .peek(value -> assertThat(value.isNumber()).isTrue())
                .map(JsonNode::asInt))
        .containsExactly(1, 1, 1, 1);
  }

  static List<String> filters() throws Exception {
    return withClusters().resourcesOf("AWS::Logs::MetricFilter");
  }

  @ParameterizedTest
  @MethodSource("filters")
  void everyFilterMatchesSomeLinesAndNotAllAndNoneOfLambdas(String filter) throws Exception {
    assertThat(matched(filter))
        .isNotEmpty()
        .hasSizeLessThan(LINES.size() - OF_LAMBDA.size())
        .allSatisfy(line -> assertThat(line.has("function_request_id")).isTrue());
  }

  @ParameterizedTest
  @MethodSource("filters")
  void everyFilterReadsTheFunctionsLogIntoTheStacksOwnNamespace(String filter) throws Exception {
    assertThat(properties(filter).path("LogGroupName").asText()).isEqualTo("GuardLogGroup");
    assertThat(properties(filter).path("MetricTransformations")).hasSize(1);
    assertThat(transformation(filter).path("MetricNamespace").asText())
        .isEqualTo("EksNodeRoleGuard/eks-node-role-guard");
    // A default value would be refused beside dimensions.
    assertThat(transformation(filter).has("DefaultValue")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "{ $.status }",
        "{ $.status = * ",
        "{ $.status = COMPLIANT }",
        "{ $.status != \"COMPLIANT\" }",
        "{ $.roles[0].status = * }",
        "{ ($.status = * }",
        "{ $.status = * } }",
        "{ $.status = %COMPLIANT% }"
      })
  void aPatternBeyondTheSubsetIsRefused(String pattern) {
    assertThatThrownBy(() -> FilterPattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(pattern);
  }

  private static JsonNode properties(String filter) throws Exception {
    return withClusters().properties(filter);
  }

  private static JsonNode transformation(String filter) throws Exception {
    return properties(filter).path("MetricTransformations").path(0);
  }

  private static List<JsonNode> matched(String filter) throws Exception {
    Predicate<JsonNode> pattern =
        FilterPattern.parse(properties(filter).path("FilterPattern").asText());
    return LINES.stream().filter(pattern).toList();
  }

  private static List<String> statuses(String filter) throws Exception {
    return matched(filter).stream().map(line -> line.path("status").asText()).toList();
  }

  /** The dimensions of each data point. */
  private static List<Map<String, String>> counted(String filter) throws Exception {
    JsonNode dimension = transformation(filter).path("Dimensions").path(0);
    String field = dimension.path("Value").asText().substring("$.".length());
    return matched(filter).stream()
        .map(line -> Map.of(dimension.path("Key").asText(), line.path(field).textValue()))
        .toList();
  }
}
