package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of the log of all reports is counted, and when an alarm of the central stack rings. */
final class CentralAlarmsTest {

  private static final String TIME = "2026-01-15T03:00:04Z";
  private static final String REPORT =
      Organization.reported("111122223333", TIME, "{\"status\":\"DRIFTED\",\"mode\":\"Audit\"}");
  private static final String FAILURE = Organization.failed("111122223333", TIME, "out of time");

  @ParameterizedTest
  @CsvSource({"StatusFilter, true, false", "FailureFilter, false, true"})
  void reportsAreCountedByStatusAndFailuresByThemselves(
      String filter, boolean report, boolean failure) throws Exception {
    JsonNode properties = Organization.central().properties(filter);
    Predicate<JsonNode> counted = FilterPattern.parse(properties.path("FilterPattern").asText());

    assertThat(properties.path("LogGroupName").asText()).isEqualTo("ReportsLogGroup");
    assertThat(counted.test(new JsonMapper().readTree(REPORT))).isEqualTo(report);
    assertThat(counted.test(new JsonMapper().readTree(FAILURE))).isEqualTo(failure);
  }

  /** A metric costs by the month, and 5,000 of them more than everything else together. */
  @Test
  void noMetricIsOfAnAccount() throws Exception {
    Deployment central = Organization.central();
    Set<String> dimensions = new TreeSet<>();
    for (String filter : central.resourcesOf("AWS::Logs::MetricFilter")) {
      central
          .properties(filter)
          .at("/MetricTransformations/0/Dimensions")
          .forEach(each -> dimensions.add(each.path("Value").asText()));
    }

    assertThat(dimensions).containsExactly("$.detail.responsePayload.status");
    assertThat(new JsonMapper().readTree(REPORT).at("/detail/responsePayload/status").asText())
        .isEqualTo("DRIFTED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # alarm          | metric                             | dimension                                | missing data
          DriftAlarm       | Reports                            | Status DRIFTED                           | notBreaching
          FailureAlarm     | Failures                           | ''                                       | notBreaching
          UndeliveredAlarm | ApproximateNumberOfMessagesVisible | QueueName UndeliveredQueue.QueueName     | ignore
          """)
  void anAlarmRingsAtTheFirstOccurrence(
      String alarm, String metric, String dimension, String missingData) throws Exception {
    JsonNode properties = Organization.central().properties(alarm);

    assertThat(properties.path("MetricName").asText()).isEqualTo(metric);
    assertThat(
            (properties.at("/Dimensions/0/Name").asText()
                    + " "
                    + properties.at("/Dimensions/0/Value").asText())
                .strip())
        .isEqualTo(dimension);
    assertThat(properties.path("Threshold").asInt()).isEqualTo(1);
    assertThat(properties.path("TreatMissingData").asText()).isEqualTo(missingData);
  }

  @Test
  void everyAlarmNotifiesExplainsItselfAndIsOnTheDashboard() throws Exception {
    Deployment central = Organization.central();
    List<String> alarms = central.resourcesOf("AWS::CloudWatch::Alarm");
    JsonNode shown = DashboardBody.of(central).at("/widgets/0/properties/alarms");

    assertThat(alarms).hasSize(3);
    for (String alarm : alarms) {
      assertNotifies(central.properties(alarm));
      assertThat(shown.toString()).contains("\"%s.Arn\"".formatted(alarm));
    }
    assertNotifies(central.properties("SilenceAlarm"));
    assertThat(shown.toString()).contains(":alarm:SilenceAlarm\"");
    Deployment without = Organization.central("aws", Map.of("SilenceHours", "0"));
    assertThat(DashboardBody.of(without).at("/widgets/0/properties/alarms")).hasSize(3);
    assertThat(without.properties("SilenceAlarm").isMissingNode()).isTrue();
    assertThat(without.properties("SilenceRole").isMissingNode()).isTrue();
  }

  private static void assertNotifies(JsonNode alarm) {
    assertThat(alarm.path("AlarmActions").toString()).isEqualTo("[\"NotificationsTopic\"]");
    assertThat(alarm.path("AlarmDescription").asText()).hasSizeBetween(40, 1024);
  }

  /**
   * cfn-lint does not know the type yet: these are <a
   * href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-logalarm.html">its
   * properties</a>.
   */
  @Test
  void theAlarmOfSilenceIsALogAlarm() throws Exception {
    Set<String> required =
        Set.of(
            "ComparisonOperator",
            "QueryResultsToAlarm",
            "QueryResultsToEvaluate",
            "ScheduledQueryConfiguration",
            "Threshold");
    Set<String> optional =
        Set.of("AlarmActions", "AlarmDescription", "AlarmName", "OKActions", "TreatMissingData");
    JsonNode alarm = Organization.central().properties("SilenceAlarm");
    JsonNode query = alarm.path("ScheduledQueryConfiguration");
    Set<String> names = new TreeSet<>();
    alarm.fieldNames().forEachRemaining(names::add);
    Set<String> queryNames = new TreeSet<>();
    query.fieldNames().forEachRemaining(queryNames::add);

    assertThat(names).containsAll(required);
    names.removeAll(required);
    assertThat(names).isEqualTo(new TreeSet<>(optional));
    assertThat(queryNames)
        .containsExactly(
            "AggregationExpression",
            "LogGroupIdentifiers",
            "QueryString",
            "ScheduleConfiguration",
            "ScheduledQueryRoleARN");
    // Longer than the longest silence that rings
    assertThat(query.at("/ScheduleConfiguration/StartTimeOffset").asInt())
        .isGreaterThan(
            Organization.central().template().at("/Parameters/SilenceHours/MaxValue").asInt()
                * 3600);
  }
}
