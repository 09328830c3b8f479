package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.event.ruler.Ruler;

/** What the central stack makes of members' reports, and of what is none. */
final class CentralReportsTest {

  private static final Pattern VARIABLE = Pattern.compile("<([A-Za-z0-9_-]+)>");
  private static final String ACCOUNT = "111122223333";
  private static final String TIME = "2026-01-15T03:00:04Z";

  private static final String REPAIRED =
      Organization.reported(
          ACCOUNT,
          TIME,
          """
          {"status":"REPAIRED","mode":"Repair",\
          "summary":"NodeInstanceRole is REPAIRED. Attached AmazonEKS_CNI_Policy."}""");
  private static final String FAILED =
      Organization.failed(ACCOUNT, TIME, "NodeInstanceRole: iam:GetRole was denied");

  @ParameterizedTest
  @CsvSource({
    "COMPLIANT, false",
    "REPAIRED, true",
    "DRIFTED, true",
    "FAILED, true",
    "UNHEARD_OF, true"
  })
  void everyReportIsLoggedAndOneMessageIsSentUnlessAllIsCompliant(String status, boolean sent)
      throws Exception {
    String event = REPAIRED.replace("REPAIRED", status);

    assertThat(matches("ReportsRule", event)).isTrue();
    assertThat(matches("NotCompliantRule", event)).isEqualTo(sent);
    assertThat(matches("FailedRule", event)).isFalse();
  }

  /** The guard itself sends it, in the shape of Lambda's events but without the request. */
  @Test
  void theReportOfACheckForAChangeIsOneToo() throws Exception {
    String event = REPAIRED.replace("f6:nightly", "f6:changes");

    assertThat(matches("ReportsRule", event)).isTrue();
    assertThat(matches("NotCompliantRule", event)).isTrue();
    assertThat(queries().getLast()).contains("ispresent(detail.requestPayload.source)");
  }

  @ParameterizedTest
  @CsvSource({"RetriesExhausted", "EventAgeExceeded"})
  void everyFailureIsLoggedAndOneMessageIsSent(String condition) throws Exception {
    String event = FAILED.replace("RetriesExhausted", condition);

    assertThat(matches("ReportsRule", event)).isTrue();
    assertThat(matches("NotCompliantRule", event)).isFalse();
    assertThat(matches("FailedRule", event)).isTrue();
  }

  // What is replaced in both sample events, and by what.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "source":"lambda"      | "source":"aws.lambda"
          "source":"lambda"      | "source":"my.lambda"
          "source":"lambda"      | "source":"aws.scheduler"
          Invocation Result      | Invocation
          f6:nightly             | f6:live
          f6:nightly             | f6
          arn:aws:lambda:        | arn:aws:ec2:
          "functionArn"          | "function"
          """)
  void whatIsNoReportIsNeitherLoggedNorSent(String part, String replacement) throws Exception {
    for (String event : List.of(REPAIRED, FAILED)) {
      assertThat(event).contains(part);
      for (String rule : List.of("ReportsRule", "NotCompliantRule", "FailedRule")) {
        assertThat(matches(rule, event.replace(part, replacement))).as(rule).isFalse();
      }
    }
  }

  @Test
  void aMessageNamesTheAccountAndWhatWasDone() throws Exception {
    assertThat(message("NotCompliantRule", REPAIRED))
        .isEqualTo(
            """
            "EKS node roles in account 111122223333: REPAIRED (mode Repair, eu-central-1, 2026-01-15T03:00:04Z)"
            "NodeInstanceRole is REPAIRED. Attached AmazonEKS_CNI_Policy."
            "The whole report is in the log group ReportsLogGroup under request c6af9ac6-7b61-11e6-9a41-93e812345678."\
            """);
    assertThat(message("FailedRule", FAILED))
        .isEqualTo(
            """
            "EKS node roles in account 111122223333: the check FAILED (RetriesExhausted, eu-central-1, 2026-01-15T03:00:04Z)"
            "NodeInstanceRole: iam:GetRole was denied"
            "All of it is in the log group ReportsLogGroup under request c6af9ac6-7b61-11e6-9a41-93e812345678."\
            """);
  }

  /** EventBridge writes the account of whoever put an event; the rest its sender may make up. */
  @Test
  void aForgedReportIsOfItsSendersAccount() throws Exception {
    String sender = "999900001111";
    String forged =
        REPAIRED.replace(
            "\"account\":\"%s\",\"time\"".formatted(ACCOUNT),
            "\"account\":\"%s\",\"time\"".formatted(sender));

    assertThat(forged).contains(Organization.functionArn(ACCOUNT));
    assertThat(message("NotCompliantRule", forged)).contains(sender).doesNotContain(ACCOUNT);
    for (String rule : List.of("NotCompliantRule", "FailedRule")) {
      assertThat(transformer(rule).at("/InputPathsMap/account").asText()).isEqualTo("$.account");
    }
    assertThat(queries()).isNotEmpty().allMatch(query -> query.contains("account"));
    assertThat(String.join(" ", queries())).doesNotContain("functionArn").doesNotContain("roleArn");
  }

  /**
   * <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html">256 KB.</a>
   */
  @Test
  void theLargestReportFitsIntoAnEvent() {
    // ReportJsonTest: a report has at most 200,000 bytes.
    String report = "{\"status\":\"FAILED\",\"mode\":\"Repair\",\"x\":\"" + "x".repeat(199_950);
    String event = Organization.reported(ACCOUNT, TIME, report + "\"}");

    assertThat(event.getBytes(StandardCharsets.UTF_8).length).isLessThan(256 * 1024 - 50_000);
  }

  @ParameterizedTest
  @CsvSource({"aws", "aws-cn", "aws-us-gov"})
  void theRulesAreThoseOfThePartition(String partition) throws Exception {
    Deployment central = Organization.central(partition, Map.of());
    String event = REPAIRED.replace("arn:aws:", "arn:%s:".formatted(partition));

    for (String rule : List.of("ReportsRule", "NotCompliantRule")) {
      JsonNode properties = central.properties(rule);
      String pattern = properties.path("EventPattern").toString();
      assertThat(properties.path("EventBusName").asText()).isEqualTo("ReportsBus");
      assertThat(pattern).hasSizeLessThan(2048);
      assertThat(Ruler.matchesRule(event, pattern)).isTrue();
    }
    assertThat(central.properties("SilenceAlarm").isMissingNode())
        .isEqualTo(!partition.equals("aws"));
  }

  @Test
  void whatCouldNotBeDeliveredIsKept() throws Exception {
    Deployment central = Organization.central();
    List<String> rules = central.resourcesOf("AWS::Events::Rule");

    assertThat(rules).hasSize(3);
    for (String rule : rules) {
      assertThat(central.properties(rule).at("/Targets/0/DeadLetterConfig/Arn").asText())
          .isEqualTo("UndeliveredQueue.Arn");
      assertThat(
              central
                  .properties("UndeliveredQueuePolicy")
                  .at("/PolicyDocument/Statement/0/Condition/ArnEquals/aws:SourceArn")
                  .toString())
          .contains("\"%s.Arn\"".formatted(rule));
    }
  }

  /** EventBridge may write to this log group, and for this rule. */
  @Test
  void onlyTheRuleWritesToTheLog() throws Exception {
    JsonNode policy =
        new JsonMapper()
            .readTree(
                Organization.central()
                    .properties("ReportsLogPolicy")
                    .path("PolicyDocument")
                    .asText());

    assertThat(policy.path("Statement")).hasSize(2);
    for (JsonNode statement : policy.path("Statement")) {
      assertThat(statement.path("Resource").asText()).isEqualTo("ReportsLogGroup.Arn");
      assertThat(statement.at("/Principal/Service").toString())
          .isEqualTo("[\"events.amazonaws.com\",\"delivery.logs.amazonaws.com\"]");
    }
    assertThat(policy.at("/Statement/1/Action").asText()).isEqualTo("logs:PutLogEvents");
    assertThat(policy.at("/Statement/1/Condition/ArnEquals/aws:SourceArn").asText())
        .isEqualTo("ReportsRule.Arn");
  }

  private static List<String> queries() throws Exception {
    return CentralQueriesTest.queries(Organization.central()).values().stream().toList();
  }

  private static boolean matches(String rule, String event) throws Exception {
    return Ruler.matchesRule(
        event, Organization.central().properties(rule).path("EventPattern").toString());
  }

  private static JsonNode transformer(String rule) throws Exception {
    return Organization.central().properties(rule).at("/Targets/0/InputTransformer");
  }

  private static String message(String rule, String event) throws Exception {
    JsonNode paths = transformer(rule).path("InputPathsMap");
    JsonNode values = new JsonMapper().readTree(event);
    return VARIABLE
        .matcher(transformer(rule).path("InputTemplate").asText())
        .replaceAll(
            variable -> {
              String path = paths.path(variable.group(1)).asText();
              assertThat(path).as(variable.group()).startsWith("$.");
              return Matcher.quoteReplacement(
                  values.at(path.substring(1).replace('.', '/')).asText());
            });
  }
}
