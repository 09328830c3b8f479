package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a change of a role comes to the function, what delays it, and what happens if it fails. */
final class ChangesTest {

  private static final List<String> RESOURCES =
      List.of(
          "ChangesRule",
          "ChangesQueue",
          "ChangesQueuePolicy",
          "ChangesMapping",
          "ChangesAlias",
          "UncheckedChangesQueue",
          "UncheckedChangesQueuePolicy",
          "UnsentFilter",
          "RepairDelayFilter",
          "UnsentAlarm",
          "UncheckedAlarm");

  @Test
  void withoutWatchingThereIsNoneOfIt() throws Exception {
    Deployment watching = Deployment.withDefaults();
    Deployment not = Deployment.in("aws", Map.of("WatchChanges", "No"));

    assertThat(RESOURCES)
        .allSatisfy(each -> assertThat(watching.properties(each).isMissingNode()).isFalse())
        .allSatisfy(each -> assertThat(not.properties(each).isMissingNode()).isTrue());
    // Nothing that is deployed refers to what is not.
    for (String type :
        List.of("AWS::IAM::Role", "AWS::SQS::QueuePolicy", "AWS::CloudWatch::Dashboard")) {
      for (String each : not.resourcesOf(type)) {
        assertThat(not.properties(each).toString()).as(each).doesNotContain(RESOURCES);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 60, 900})
  void aChangeWaitsInTheQueueUntilItHasSettled(int seconds) throws Exception {
    Deployment deployment =
        Deployment.in("aws", Map.of("SettleSeconds", Integer.toString(seconds)));

    assertThat(target(deployment).path("Arn").asText()).isEqualTo("ChangesQueue.Arn");
    assertThat(deployment.properties("ChangesQueue").path("DelaySeconds").asInt())
        .isEqualTo(seconds);
  }

  private static JsonNode target(Deployment deployment) {
    JsonNode targets = deployment.properties("ChangesRule").path("Targets");
    assertThat(targets).hasSize(1);
    return targets.path(0);
  }

  /** Neither scheduled nor a request: metrics and rules tell them apart by the alias. */
  @Test
  void theQueueInvokesAPublishedVersionByAnAliasOfItsOwn() throws Exception {
    Deployment deployment = Deployment.withDefaults();
    JsonNode mapping = deployment.properties("ChangesMapping");

    assertThat(mapping.path("FunctionName").asText()).isEqualTo("ChangesAlias");
    assertThat(mapping.path("EventSourceArn").asText()).isEqualTo("ChangesQueue.Arn");
    assertThat(deployment.properties("ChangesAlias").path("Name").asText()).isEqualTo("changes");
    assertThat(deployment.properties("ChangesAlias").path("FunctionVersion"))
        .isEqualTo(deployment.properties("LiveAlias").path("FunctionVersion"));
  }

  @Test
  void severalChangesAreOneInvocationAndOneThatFailsIsRepeatedAlone() throws Exception {
    JsonNode mapping = Deployment.withDefaults().properties("ChangesMapping");

    assertThat(mapping.path("FunctionResponseTypes").toString())
        .isEqualTo("[\"ReportBatchItemFailures\"]");
    assertThat(mapping.path("BatchSize").asInt()).isBetween(11, 10_000);
    // Lambda asks for a window where a batch is larger than 10.
    assertThat(mapping.path("MaximumBatchingWindowInSeconds").asInt()).isBetween(1, 300);
    assertThat(mapping.at("/ScalingConfig/MaximumConcurrency").asInt()).isBetween(2, 1000);
  }

  /**
   * <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html">AWS's
   * advice</a>: otherwise a change is handed out again while the function works on it.
   */
  @Test
  void aChangeIsHiddenForSixTimesTheTimeoutAndTheWindow() throws Exception {
    Deployment deployment = Deployment.withDefaults();
    int window =
        deployment.properties("ChangesMapping").path("MaximumBatchingWindowInSeconds").asInt();
    int timeout = deployment.properties("GuardFunction").path("Timeout").asInt();
    JsonNode queue = deployment.properties("ChangesQueue");

    assertThat(timeout).isPositive();
    assertThat(queue.path("VisibilityTimeout").asInt())
        .isGreaterThanOrEqualTo(6 * timeout + window);
    // All attempts fit into the retention.
    assertThat(queue.path("MessageRetentionPeriod").asInt())
        .isGreaterThan(
            900
                + queue.path("VisibilityTimeout").asInt()
                    * queue.at("/RedrivePolicy/maxReceiveCount").asInt());
  }

  @Test
  void whatCannotBeCheckedOrDeliveredIsKeptAndAnAlarmRings() throws Exception {
    Deployment deployment = Deployment.withDefaults();
    JsonNode redrive = deployment.properties("ChangesQueue").path("RedrivePolicy");

    assertThat(redrive.path("deadLetterTargetArn").asText()).isEqualTo("UncheckedChangesQueue.Arn");
    // Fewer than five would give up while the function is throttled.
    assertThat(redrive.path("maxReceiveCount").asInt()).isGreaterThanOrEqualTo(5);
    // Its age counts from the first queue.
    assertThat(
            deployment.properties("UncheckedChangesQueue").path("MessageRetentionPeriod").asInt())
        .isGreaterThan(
            deployment.properties("ChangesQueue").path("MessageRetentionPeriod").asInt());
    assertThat(deployment.properties("UncheckedAlarm").at("/Dimensions/0/Value").asText())
        .isEqualTo("UncheckedChangesQueue.QueueName");
    assertThat(target(deployment).at("/DeadLetterConfig/Arn").asText())
        .isEqualTo("UndeliveredQueue.Arn");
  }

  @Test
  void onlyTheRuleMaySendChangesAndOnlyOverTls() throws Exception {
    Deployment deployment = Deployment.withDefaults();
    JsonNode changes = deployment.properties("ChangesQueuePolicy");
    JsonNode unchecked = deployment.properties("UncheckedChangesQueuePolicy");

    assertThat(changes.path("Queues").toString()).isEqualTo("[\"ChangesQueue\"]");
    assertThat(changes.at("/PolicyDocument/Statement").toString())
        .isEqualTo(
            """
            [{"Sid":"FromTheRule","Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},\
            "Action":"sqs:SendMessage","Resource":"ChangesQueue.Arn",\
            "Condition":{"ArnEquals":{"aws:SourceArn":"ChangesRule.Arn"}}},\
            {"Sid":"OnlyOverTls","Effect":"Deny","Principal":"*","Action":"sqs:*",\
            "Resource":"ChangesQueue.Arn",\
            "Condition":{"Bool":{"aws:SecureTransport":"false"}}}]""");
    assertThat(unchecked.path("Queues").toString()).isEqualTo("[\"UncheckedChangesQueue\"]");
    assertThat(unchecked.at("/PolicyDocument/Statement").toString())
        .isEqualTo(
            """
            [{"Sid":"OnlyOverTls","Effect":"Deny","Principal":"*","Action":"sqs:*",\
            "Resource":"UncheckedChangesQueue.Arn",\
            "Condition":{"Bool":{"aws:SecureTransport":"false"}}}]""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # partition | Region         | IamEventsRegion | where the events arrive; none: here
          aws         | us-east-1      | ''              |
          aws         | eu-central-1   | ''              | us-east-1
          aws         | eu-central-1   | eu-central-1    |
          aws         | us-east-1      | eu-central-1    | eu-central-1
          aws-cn      | cn-north-1     | ''              |
          aws-cn      | cn-northwest-1 | ''              | cn-north-1
          aws-us-gov  | us-gov-west-1  | ''              |
          aws-us-gov  | us-gov-east-1  | ''              | us-gov-west-1
          aws-us-gov  | us-gov-east-1  | us-gov-east-1   |
          aws-eusc    | eusc-de-east-1 | ''              |
          """)
  void anOutputSaysWhetherChangesAreSeenAndWhatToDoIfNot(
      String partition, String region, String given, String elsewhere) throws Exception {
    Deployment deployment = Deployment.in(partition, region, Map.of("IamEventsRegion", given));
    String seen = deployment.output("ChangesSeen").asText();

    if (elsewhere == null) {
      assertThat(seen).isEqualTo("Yes, if a trail with management events exists.");
    } else {
      assertThat(seen)
          .contains(
              "IAM's events reach %s only".formatted(elsewhere),
              "--region %s --template-file deploy/forward-iam-events.yaml".formatted(elsewhere),
              "GuardRegion=%s GuardRoleArn=GuardRole.Arn".formatted(region),
              "RoleNames='NodeInstanceRole' PolicyChanges=No");
    }
    assertThat(
            Deployment.in(partition, region, Map.of("WatchChanges", "No"))
                .output("ChangesSeen")
                .asText())
        .isEqualTo("No: WatchChanges is No.");
  }
}
