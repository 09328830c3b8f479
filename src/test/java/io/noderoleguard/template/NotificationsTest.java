package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.noderoleguard.local.cloudtrail.Actor;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.rig.HandlerRig;
import io.noderoleguard.rig.TrailEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.event.ruler.Ruler;

/** Which outcomes of a check reach people, and with which words. */
final class NotificationsTest {

  private static final String CNI = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy";
  private static final Pattern VARIABLE = Pattern.compile("<([A-Za-z0-9_-]+)>");

  /** What Lambda sends to the event bus when a check ended without an error. */
  private static final String SUCCEEDED =
      """
      {"version":"0","id":"6a7e8feb-b491-4cf7-a9f1-bf3703467718",
       "detail-type":"Lambda Function Invocation Result - Success","source":"lambda",
       "account":"123456789012","time":"2026-01-15T03:00:04Z","region":"eu-central-1",
       "resources":["arn:aws:events:eu-central-1:123456789012:event-bus/default","GuardFunction.Arn:nightly"],
       "detail":{
         "version":"1.0","timestamp":"2026-01-15T03:00:04.123Z",
         "requestContext":{"requestId":"c6af9ac6-7b61-11e6-9a41-93e812345678",
           "functionArn":"GuardFunction.Arn:nightly","condition":"Success","approximateInvokeCount":1},
         "requestPayload":{"detail-type":"Scheduled Event","source":"aws.scheduler","detail":"{}"},
         "responseContext":{"statusCode":200,"executedVersion":"3"},
         "responsePayload":{"status":"REPAIRED","mode":"Repair",
           "summary":"NodeInstanceRole: AmazonEKS_CNI_Policy was not attached; attached it.",
           "roles":[{"roleName":"NodeInstanceRole","status":"REPAIRED"}]}}}
      """;

  /** What Lambda sends to the event bus when it has tried often enough. */
  private static final String FAILED =
      """
      {"version":"0","id":"0c1b2a39-b491-4cf7-a9f1-bf3703467718",
       "detail-type":"Lambda Function Invocation Result - Failure","source":"lambda",
       "account":"123456789012","time":"2026-01-15T03:06:10Z","region":"eu-central-1",
       "resources":["arn:aws:events:eu-central-1:123456789012:event-bus/default","GuardFunction.Arn:nightly"],
       "detail":{
         "version":"1.0","timestamp":"2026-01-15T03:06:10.456Z",
         "requestContext":{"requestId":"c6af9ac6-7b61-11e6-9a41-93e812345678",
           "functionArn":"GuardFunction.Arn:nightly","condition":"RetriesExhausted","approximateInvokeCount":1},
         "requestPayload":{"detail-type":"Scheduled Event","source":"aws.scheduler","detail":"{}"},
         "responseContext":{"statusCode":200,"executedVersion":"3","functionError":"Unhandled"},
         "responsePayload":{"errorMessage":"NodeInstanceRole: iam:GetRole was denied",
           "errorType":"java.lang.IllegalStateException"}}}
      """;

  @ParameterizedTest
  @CsvSource({"REPAIRED", "DRIFTED", "FAILED", "UNHEARD_OF"})
  void aReportOtherThanCompliantIsHeardOf(String status) throws Exception {
    assertThat(matches("NotCompliantRule", SUCCEEDED.replace("REPAIRED", status))).isTrue();
    assertThat(matches("FailedRule", SUCCEEDED.replace("REPAIRED", status))).isFalse();
  }

  @Test
  void aFailedCheckIsHeardOf() throws Exception {
    assertThat(matches("FailedRule", FAILED)).isTrue();
    assertThat(matches("NotCompliantRule", FAILED)).isFalse();
  }

  @Test
  void aCheckThatWasNeverStartedInTimeIsHeardOf() throws Exception {
    String expired = FAILED.replace("RetriesExhausted", "EventAgeExceeded");

    assertThat(matches("FailedRule", expired)).isTrue();
  }

  // What is replaced in the sample events, and by what.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "status":"REPAIRED"          | "status":"COMPLIANT"
          "status":"REPAIRED"          | "state":"REPAIRED"
          GuardFunction.Arn:nightly    | GuardFunction.Arn2:nightly
          GuardFunction.Arn:nightly    | Another.Arn:nightly
          "source":"lambda"            | "source":"aws.lambda"
          "source":"lambda"            | "source":"my.lambda"
          Invocation Result - Success  | Invocation Result - Succeeded
          responsePayload              | requestPayload2
          """)
  void aNearMissOfAReportIsNot(String part, String replacement) throws Exception {
    assertThat(SUCCEEDED).contains(part);
    assertThat(matches("NotCompliantRule", SUCCEEDED.replace(part, replacement))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GuardFunction.Arn:nightly    | GuardFunction.Arn2:nightly
          GuardFunction.Arn:nightly    | Another.Arn:nightly
          "source":"lambda"            | "source":"aws.lambda"
          Invocation Result - Failure  | Invocation Result - Success
          """)
  void aNearMissOfAFailureIsNot(String part, String replacement) throws Exception {
    assertThat(FAILED).contains(part);
    assertThat(matches("FailedRule", FAILED.replace(part, replacement))).isFalse();
  }

  @Test
  void theMessageOfAReportSaysWhichRoleAndWhatWasDone() throws Exception {
    assertThat(message("NotCompliantRule", SUCCEEDED))
        .isEqualTo(
            """
            "EKS node roles in account 123456789012: REPAIRED (mode Repair, 2026-01-15T03:00:04Z)"
            "NodeInstanceRole: AmazonEKS_CNI_Policy was not attached; attached it."
            "The whole report is in the log group GuardLogGroup under request c6af9ac6-7b61-11e6-9a41-93e812345678."\
            """);
  }

  @Test
  void theMessageOfAFailureSaysWhy() throws Exception {
    assertThat(message("FailedRule", FAILED))
        .isEqualTo(
            """
            "EKS node roles in account 123456789012: the check FAILED (RetriesExhausted, 2026-01-15T03:06:10Z)"
            "NodeInstanceRole: iam:GetRole was denied"
            "All of it is in the log group GuardLogGroup under request c6af9ac6-7b61-11e6-9a41-93e812345678."\
            """);
  }

  /**
   * What the function itself puts on the bus, as SQS waits for its answer: delivered by the same
   * rule, in the same words.
   */
  @Test
  void theMessageAboutAChangeSaysWhoMadeIt() throws Exception {
    try (HandlerRig rig = new HandlerRig(Duration.ofSeconds(1))) {
      RightRole.addTo(rig.iam().account());
      rig.iam().account().detachRolePolicy("NodeInstanceRole", CNI);
      rig.trail()
          .add(
              "DetachRolePolicy",
              TrailEvents.requestParameters("NodeInstanceRole", CNI),
              Actor.session("ci", "build-7", "Terraform/1.9", "203.0.113.10"),
              Instant.now().minusSeconds(70));
      String queued = TrailEvents.batch(List.of(rig.trail().lastEvent().toString()));

      assertThat(
              rig.handle(
                  queued, rig::guard, HandlerRig.FUNCTION_ARN + ":changes", Duration.ofSeconds(30)))
          .isEqualTo("{\"batchItemFailures\":[]}");

      assertThat(rig.bus().events()).hasSize(1);
      String event =
          rig.bus()
              .events()
              .getFirst()
              .toString()
              .replace(HandlerRig.FUNCTION_ARN, "GuardFunction.Arn");
      assertThat(matches("NotCompliantRule", event)).isTrue();
      assertThat(matches("FailedRule", event)).isFalse();
      assertThat(message("NotCompliantRule", event))
          .matches(
              """
              "EKS node roles in account 123456789012: REPAIRED \\(mode Repair, [0-9T:Z-]+\\)"
              "NodeInstanceRole is REPAIRED\\. AmazonEKS_CNI_Policy was detached at [0-9:]{8}Z by \
              arn:aws:sts::123456789012:assumed-role/ci/build-7 \\(Terraform, 203\\.0\\.113\\.10\\); \
              attached again 7\\d s later\\. The managed policy [^"\n]*"
              "The whole report is in the log group GuardLogGroup under request \
              11111111-2222-3333-4444-555555555555\\."\
              """);
    }
  }

  /**
   * Of several attempts only the last one's outcome is sent: what the first one changed is lost.
   */
  @Test
  void aFailedCheckIsNotRepeated() throws Exception {
    Deployment deployment = Deployment.withDefaults();

    assertThat(deployment.resourcesOf("AWS::Lambda::EventInvokeConfig"))
        .filteredOn(each -> !each.equals("LiveInvokeConfig"))
        .singleElement()
        .satisfies(
            nightly ->
                assertThat(deployment.properties(nightly).path("MaximumRetryAttempts").asInt(-1))
                    .isZero());
  }

  @Test
  void anOutcomeThatTheTopicDidNotTakeIsKept() throws Exception {
    Deployment deployment = Deployment.withDefaults();

    assertThat(deployment.resourcesOf("AWS::Events::Rule"))
        .filteredOn(rule -> !rule.equals("ChangesRule"))
        .hasSize(2)
        .allSatisfy(
            rule -> {
              JsonNode target = deployment.properties(rule).path("Targets").path(0);
              assertThat(target.path("Arn").asText()).isEqualTo("NotificationsTopic");
              assertThat(target.at("/DeadLetterConfig/Arn").asText())
                  .isEqualTo("UndeliveredQueue.Arn");
            });
  }

  /**
   * <a
   * href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions">EventBridge
   * gives SNS nothing</a> that a condition could be held against: one would silence the topic.
   */
  @Test
  void theTopicAcceptsAllRulesAndThisAccountsAlarms() throws Exception {
    JsonNode statements = statements("NotificationsTopicPolicy");

    assertThat(statements).hasSize(3);
    assertAllowed(statements.get(0), "sns:Publish", "events.amazonaws.com");
    assertThat(statements.get(0).has("Condition")).isFalse();
    assertAllowed(statements.get(1), "sns:Publish", "cloudwatch.amazonaws.com");
    assertThat(statements.get(1).path("Condition").toString())
        .isEqualTo(
            "{\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:cloudwatch:eu-central-1:123456789012:alarm:*\"},"
                + "\"StringEquals\":{\"aws:SourceAccount\":\"123456789012\"}}");
    assertOnlyOverTls(statements.get(2), "sns:Publish");
  }

  @Test
  void theQueueTakesMessagesOfTheRulesOnly() throws Exception {
    JsonNode statements = statements("UndeliveredQueuePolicy");

    assertThat(statements).hasSize(2);
    assertAllowed(statements.get(0), "sqs:SendMessage", "events.amazonaws.com");
    assertThat(statements.get(0).path("Condition").toString())
        .isEqualTo(
            "{\"ArnEquals\":{\"aws:SourceArn\":"
                + "[\"NotCompliantRule.Arn\",\"FailedRule.Arn\",\"ChangesRule.Arn\"]}}");
    assertOnlyOverTls(statements.get(1), "sqs:*");
  }

  private static JsonNode statements(String policy) throws Exception {
    return Deployment.withDefaults().properties(policy).at("/PolicyDocument/Statement");
  }

  private static void assertAllowed(JsonNode statement, String action, String service) {
    assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
    assertThat(statement.path("Action").asText()).isEqualTo(action);
    assertThat(statement.path("Principal").toString())
        .isEqualTo("{\"Service\":\"" + service + "\"}");
  }

  private static void assertOnlyOverTls(JsonNode statement, String action) {
    assertThat(statement.path("Effect").asText()).isEqualTo("Deny");
    assertThat(statement.path("Principal").asText()).isEqualTo("*");
    assertThat(statement.path("Action").asText()).isEqualTo(action);
    assertThat(statement.path("Condition").toString())
        .isEqualTo("{\"Bool\":{\"aws:SecureTransport\":\"false\"}}");
  }

  @Test
  void anEmailIsSentWhereAnAddressIsGiven() throws Exception {
    Deployment notified = Deployment.in("aws", Map.of("NotificationEmail", "ops@example.org"));

    assertThat(notified.properties("EmailSubscription").path("Endpoint").asText())
        .isEqualTo("ops@example.org");
    assertThat(Deployment.withDefaults().properties("EmailSubscription").isMissingNode()).isTrue();
  }

  private static boolean matches(String rule, String event) throws Exception {
    String pattern = Deployment.withDefaults().properties(rule).path("EventPattern").toString();
    return Ruler.matchesRule(event, pattern);
  }

  /** What the topic is sent, which EventBridge makes of the target's input transformer. */
  private static String message(String rule, String event) throws Exception {
    JsonNode transformer =
        Deployment.withDefaults().properties(rule).at("/Targets/0/InputTransformer");
    JsonNode paths = transformer.path("InputPathsMap");
    JsonNode values = new JsonMapper().readTree(event);
    return VARIABLE
        .matcher(transformer.path("InputTemplate").asText())
        .replaceAll(
            variable -> {
              String path = paths.path(variable.group(1)).asText();
              assertThat(path).as(variable.group()).startsWith("$.");
              String pointer = path.substring(1).replace('.', '/');
              return Matcher.quoteReplacement(values.at(pointer).asText());
            });
  }
}
