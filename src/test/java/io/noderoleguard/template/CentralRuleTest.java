package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.event.ruler.Ruler;

/** What an account sends to its organisation's event bus, and with which rights. */
final class CentralRuleTest {

  private static final String TIME = "2026-01-15T03:00:04Z";
  private static final String EVENT =
      Organization.reported("123456789012", TIME, "{\"status\":\"COMPLIANT\"}")
          .replace(Organization.functionArn("123456789012"), "GuardFunction.Arn:nightly");

  private static Deployment member() throws Exception {
    return Deployment.in("aws", Map.of("CentralBusArn", Organization.BUS));
  }

  @ParameterizedTest
  @CsvSource({"COMPLIANT", "REPAIRED", "DRIFTED", "UNHEARD_OF"})
  void everyReportIsSent(String status) throws Exception {
    assertThat(isSent(EVENT.replace("COMPLIANT", status))).isTrue();
  }

  @Test
  void everyFailureIsSent() throws Exception {
    assertThat(isSent(EVENT.replace("Result - Success", "Result - Failure"))).isTrue();
  }

  // What is replaced in the sample event, and by what.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GuardFunction.Arn:nightly    | GuardFunction.Arn2:nightly
          GuardFunction.Arn:nightly    | Another.Arn:nightly
          "source":"lambda"            | "source":"aws.lambda"
          Invocation Result - Success  | Invocation Result - Pending
          """)
  void nothingOfOthersIs(String part, String replacement) throws Exception {
    assertThat(EVENT).contains(part);
    assertThat(isSent(EVENT.replace(part, replacement))).isFalse();
  }

  private static boolean isSent(String event) throws Exception {
    return Ruler.matchesRule(
        event, member().properties("CentralRule").path("EventPattern").toString());
  }

  /**
   * Where a bus admits an organisation, <a
   * href="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html">a role
   * must send</a>; and what it could not send is kept, as of the other rules.
   */
  @Test
  void itIsSentByARoleToOneBus() throws Exception {
    JsonNode targets = member().properties("CentralRule").path("Targets");

    assertThat(targets)
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    [{"Id": "CentralBus", "Arn": "%s", "RoleArn": "CentralBusRole.Arn",
                      "DeadLetterConfig": {"Arn": "UndeliveredQueue.Arn"}}]
                    """
                        .formatted(Organization.BUS)));
    assertThat(
            member()
                .properties("UndeliveredQueuePolicy")
                .at("/PolicyDocument/Statement/0/Condition/ArnEquals/aws:SourceArn")
                .toString())
        .contains("\"CentralRule.Arn\"");
  }

  /** A rule in another account cannot make EventBridge use the role. */
  @Test
  void theRoleMaySendToThatBusAndDoNothingElse() throws Exception {
    JsonNode role = member().properties("CentralBusRole");

    assertThat(role.at("/AssumeRolePolicyDocument/Statement").toString())
        .isEqualTo(
            """
            [{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},\
            "Action":"sts:AssumeRole",\
            "Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}}]""");
    assertThat(role.path("Policies")).hasSize(1);
    assertThat(role.at("/Policies/0/PolicyDocument/Statement").toString())
        .isEqualTo(
            """
            [{"Sid":"SendReports","Effect":"Allow","Action":"events:PutEvents","Resource":"%s"}]"""
                .formatted(Organization.BUS));
    assertThat(role.has("ManagedPolicyArns")).isFalse();
  }

  /** The account's own topic is notified as before, and nobody else may invoke the function. */
  @Test
  void theRestOfTheStackStaysAsItIs() throws Exception {
    Deployment alone = Deployment.withDefaults();

    for (String rule : List.of("NotCompliantRule", "FailedRule")) {
      assertThat(member().properties(rule)).isEqualTo(alone.properties(rule));
    }
    assertThat(alone.resourcesOf("AWS::Lambda::Permission")).isEmpty();
    assertThat(alone.properties("CentralRule").isMissingNode()).isTrue();
    assertThat(alone.properties("CentralBusRole").isMissingNode()).isTrue();
  }
}
