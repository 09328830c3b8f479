package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.Note;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The metrics that a deployment has: its filters' own, and those of AWS for its resources. */
final class EmittedMetrics {

  record Metric(String namespace, String name, Map<String, String> dimensions) {}

  /** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
  private static final List<String> OF_LAMBDA =
      List.of(
          "Invocations",
          "Errors",
          "Throttles",
          "Duration",
          "DestinationDeliveryFailures",
          "AsyncEventsDropped");

  private final Set<Metric> metrics = new HashSet<>();

  private EmittedMetrics() {}

  static EmittedMetrics in(Deployment deployment) {
    EmittedMetrics emitted = new EmittedMetrics();
    for (String filter : deployment.resourcesOf("AWS::Logs::MetricFilter")) {
      for (JsonNode metric : deployment.properties(filter).path("MetricTransformations")) {
        for (Map<String, String> dimensions : dimensionsOf(metric)) {
          emitted.metrics.add(
              new Metric(
                  metric.path("MetricNamespace").asText(),
                  metric.path("MetricName").asText(),
                  dimensions));
        }
      }
    }
    for (String function : deployment.resourcesOf("AWS::Lambda::Function")) {
      for (String name : OF_LAMBDA) {
        emitted.metrics.add(new Metric("AWS/Lambda", name, Map.of("FunctionName", function)));
      }
    }
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    for (String queue : deployment.resourcesOf("AWS::SQS::Queue")) {
      emitted.metrics.add(
          new Metric(
              "AWS/SQS",
              "ApproximateNumberOfMessagesVisible",
              Map.of("QueueName", queue + ".QueueName")));
    }
    return emitted;
  }

  Set<Metric> metrics() {
    return Set.copyOf(metrics);
  }

  void assertEmitted(String namespace, String name, Map<String, String> dimensions) {
    assertThat(metrics).contains(new Metric(namespace, name, dimensions));
  }

  /** One for each value of the field that the dimension is read from. */
  private static List<Map<String, String>> dimensionsOf(JsonNode metric) {
    JsonNode dimensions = metric.path("Dimensions");
    if (dimensions.isMissingNode()) {
      return List.of(Map.of());
    }
    assertThat(dimensions).hasSize(1);
    String key = dimensions.path(0).path("Key").asText();
    return valuesOf(dimensions.path(0).path("Value").asText())
        .map(value -> Map.of(key, value))
        .toList();
  }

  private static Stream<String> valuesOf(String field) {
    return switch (field) {
      case "$.status" -> Stream.of(Status.values()).map(Status::name);
      case "$.outcome" -> Stream.of(ChangeResult.Outcome.values()).map(ChangeResult.Outcome::name);
      case "$.note" -> Stream.of(Note.class.getPermittedSubclasses()).map(Class::getSimpleName);
      case "$.finding" ->
          Stream.of(Finding.class.getPermittedSubclasses()).map(Class::getSimpleName);
      default -> throw new IllegalArgumentException("Not a field with a few values: " + field);
    };
  }

  /** The dimensions of the stack's own metrics of a name. */
  Set<Map<String, String>> dimensionsOf(String name) {
    Set<Map<String, String>> dimensions = new HashSet<>();
    for (Metric metric : metrics) {
      if (metric.name().equals(name)) {
        dimensions.add(new HashMap<>(metric.dimensions()));
      }
    }
    return dimensions;
  }
}
