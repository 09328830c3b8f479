package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** When an alarm rings, and that the topic hears it. */
final class AlarmsTest {

  /** With what only some settings add. */
  private static Deployment withAll() throws Exception {
    return Deployment.in("aws", Map.of("Clusters", "*"));
  }

  static List<String> alarms() throws Exception {
    return withAll().resourcesOf("AWS::CloudWatch::Alarm");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # alarm          | metric                             | rings at                         | missing data
          ErrorAlarm       | Errors                             | GreaterThanOrEqualToThreshold 1  | notBreaching
          DriftAlarm       | Drift                              | GreaterThanOrEqualToThreshold 1  | ignore
          UnguardedAlarm   | UnguardedRoles                     | GreaterThanOrEqualToThreshold 1  | ignore
          SilenceAlarm     | ScheduledChecks                    | LessThanThreshold 1              | breaching
          UnsentAlarm      | UnsentReports                      | GreaterThanOrEqualToThreshold 1  | notBreaching
          RepeatedRepairAlarm | RepeatedRepairs                 | GreaterThanOrEqualToThreshold 1  | notBreaching
          ThrottleAlarm    | Throttles                          | GreaterThanOrEqualToThreshold 1  | notBreaching
          DestinationAlarm | DestinationDeliveryFailures        | GreaterThanOrEqualToThreshold 1  | notBreaching
          UncheckedAlarm   | ApproximateNumberOfMessagesVisible | GreaterThanOrEqualToThreshold 1  | ignore
          UndeliveredAlarm | ApproximateNumberOfMessagesVisible | GreaterThanOrEqualToThreshold 1  | ignore
          """)
  void anAlarmRingsAtTheFirstOccurrence(
      String alarm, String metric, String rings, String missingData) throws Exception {
    JsonNode properties = withAll().properties(alarm);

    assertThat(properties.path("MetricName").asText()).isEqualTo(metric);
    assertThat(
            properties.path("ComparisonOperator").asText()
                + " "
                + properties.path("Threshold").asText())
        .isEqualTo(rings);
    assertThat(properties.path("TreatMissingData").asText()).isEqualTo(missingData);
  }

  @ParameterizedTest
  @MethodSource("alarms")
  void anAlarmWatchesAnEmittedMetricNotifiesAndExplainsItself(String alarm) throws Exception {
    Deployment deployment = withAll();
    JsonNode properties = deployment.properties(alarm);
    Map<String, String> dimensions = new HashMap<>();
    properties
        .path("Dimensions")
        .forEach(
            dimension ->
                dimensions.put(dimension.path("Name").asText(), dimension.path("Value").asText()));

    EmittedMetrics.in(deployment)
        .assertEmitted(
            properties.path("Namespace").asText(),
            properties.path("MetricName").asText(),
            dimensions);
    assertThat(properties.path("AlarmActions").toString()).isEqualTo("[\"NotificationsTopic\"]");
    assertThat(properties.path("AlarmDescription").asText()).hasSizeBetween(40, 1024);
  }

  /** CloudWatch takes no longer evaluation: a day of periods below an hour, else seven days. */
  @ParameterizedTest
  @MethodSource("alarms")
  void anAlarmLooksBackNoFurtherThanCloudWatchDoes(String alarm) throws Exception {
    JsonNode properties =
        Deployment.in("aws", Map.of("SilenceHours", "168", "Clusters", "*")).properties(alarm);
    int period = properties.path("Period").asInt();
    int seconds = period * properties.path("EvaluationPeriods").asInt();

    assertThat(seconds).isPositive().isLessThanOrEqualTo(period < 3600 ? 86_400 : 604_800);
  }

  @Test
  void silenceIsNoticedAfterADayAndABit() throws Exception {
    JsonNode alarm = Deployment.withDefaults().properties("SilenceAlarm");
    int hours = alarm.path("Period").asInt() / 3600 * alarm.path("EvaluationPeriods").asInt();

    assertThat(hours).isGreaterThan(24).isLessThan(48);
    assertThat(alarm.path("AlarmDescription").asText()).contains(hours + " hours");
  }

  @Test
  void aScheduleWithLongPausesSilencesTheAlarm() throws Exception {
    assertThat(
            Deployment.in("aws", Map.of("SilenceHours", "0"))
                .properties("SilenceAlarm")
                .isMissingNode())
        .isTrue();
  }

  @Test
  void withoutClustersNobodyCountsTheirRoles() throws Exception {
    assertThat(Deployment.withDefaults().properties("UnguardedAlarm").isMissingNode()).isTrue();
    assertThat(Deployment.withDefaults().properties("UnguardedFilter").isMissingNode()).isTrue();
  }

  /** What lasts until something happens tells also when it is over. */
  @Test
  void anAlarmThatLastsTellsItsEnd() throws Exception {
    Deployment deployment = withAll();

    assertThat(alarms())
        .filteredOn(alarm -> deployment.properties(alarm).has("OKActions"))
        .containsExactlyInAnyOrder(
            "DriftAlarm", "SilenceAlarm", "UncheckedAlarm", "UndeliveredAlarm", "UnguardedAlarm");
  }
}
