package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the dashboard shows: only what there is, and all of it. */
final class DashboardTest {

  private static final int COLUMNS = 24;

  /** A metric of a widget: namespace, name and dimensions. */
  private record Shown(String namespace, String name, Map<String, String> dimensions) {}

  /**
   * A search in a widget, for the metrics of a name with just one dimension; see
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
   */
  private record Search(String namespace, String dimension, String name) {

    private static final Pattern SYNTAX =
        Pattern.compile("SEARCH\\('\\{\"([^\"]+)\",(\\w+)} MetricName=\"(\\w+)\"', 'Sum', 3600\\)");

    static Search parse(String expression) {
      Matcher matcher = SYNTAX.matcher(expression);
      assertThat(matcher.matches()).as(expression).isTrue();
      return new Search(matcher.group(1), matcher.group(2), matcher.group(3));
    }

    /** The metrics that it finds: whatever value the dimension has. */
    List<Shown> among(EmittedMetrics emitted) {
      return emitted.metrics().stream()
          .filter(
              metric ->
                  metric.namespace().equals(namespace)
                      && metric.name().equals(name)
                      && metric.dimensions().keySet().equals(Set.of(dimension)))
          .map(metric -> new Shown(metric.namespace(), metric.name(), metric.dimensions()))
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "prod"})
  void everyMetricIsEmitted(String clusters) throws Exception {
    Deployment deployment = Deployment.in("aws", Map.of("Clusters", clusters));
    EmittedMetrics emitted = EmittedMetrics.in(deployment);

    assertThat(shown(deployment))
        .isNotEmpty()
        .allSatisfy(
            metric ->
                emitted.assertEmitted(metric.namespace(), metric.name(), metric.dimensions()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Reports", "Findings", "Changes"})
  void everyStatusTypeAndOutcomeIsDrawn(String name) throws Exception {
    EmittedMetrics emitted = EmittedMetrics.in(Deployment.withDefaults());
    List<Shown> shown = new ArrayList<>(shown(Deployment.withDefaults()));
    searches().forEach(search -> shown.addAll(search.among(emitted)));
    List<Map<String, String>> drawn =
        shown.stream().filter(metric -> metric.name().equals(name)).map(Shown::dimensions).toList();

    assertThat(drawn)
        .hasSizeGreaterThan(1)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(emitted.dimensionsOf(name));
  }

  /** Without clusters nobody knows of any other node role. */
  @ParameterizedTest
  @CsvSource({"'', false", "prod, true"})
  void nodeRolesThatNothingGuardsAreCountedWhereClustersAreChecked(String clusters, boolean isDrawn)
      throws Exception {
    Shown unguarded = new Shown("EksNodeRoleGuard/eks-node-role-guard", "UnguardedRoles", Map.of());

    assertThat(shown(Deployment.in("aws", Map.of("Clusters", clusters))).contains(unguarded))
        .isEqualTo(isDrawn);
  }

  /** A finding of a kind that is added later is drawn without a change of the dashboard. */
  @Test
  void findingsAreSearchedForAndCalledByTheirType() throws Exception {
    assertThat(searches())
        .containsExactly(new Search("EksNodeRoleGuard/eks-node-role-guard", "Type", "Findings"));
    assertThat(expressions())
        .extracting(expression -> expression.path("label").asText())
        .containsExactly("${PROP('Dim.Type')}");
  }

  @ParameterizedTest
  @CsvSource({"0, ''", "30, ''", "0, prod", "30, 'prod,dev-*'"})
  void everyAlarmIsShown(String silenceHours, String clusters) throws Exception {
    Deployment deployment =
        Deployment.in("aws", Map.of("SilenceHours", silenceHours, "Clusters", clusters));
    List<String> deployed =
        deployment.resourcesOf("AWS::CloudWatch::Alarm").stream()
            .filter(alarm -> !deployment.properties(alarm).isMissingNode())
            .map(alarm -> alarm + ".Arn")
            .toList();

    assertThat(widgets(deployment, "alarm")).hasSize(1);
    assertThat(
            widgets(deployment, "alarm")
                .getFirst()
                .at("/properties/alarms")
                .valueStream()
                .map(JsonNode::asText))
        .containsExactlyInAnyOrderElementsOf(deployed);
  }

  @Test
  void aTableReadsTheFunctionsLogAndTheFieldsThatItWrites() throws Exception {
    Pattern query =
        Pattern.compile(
            "SOURCE 'GuardLogGroup' \\| filter [a-z_() ]+ \\| fields @timestamp, ([a-z_, ]+)"
                + " \\| sort @timestamp desc \\| limit [0-9]+");

    assertThat(widgets(Deployment.withDefaults(), "log"))
        .hasSize(3)
        .allSatisfy(
            table -> {
              var matcher = query.matcher(table.at("/properties/query").asText());
              assertThat(matcher.matches()).isTrue();
              assertThat(matcher.group(1).split(", ")).isSubsetOf(MetricsTest.FIELDS);
            });
  }

  @Test
  void noWidgetLiesOnAnotherOrBesideTheBoard() throws Exception {
    List<JsonNode> widgets = new ArrayList<>();
    DashboardBody.withDefaults().path("widgets").forEach(widgets::add);
    Set<List<Integer>> taken = new HashSet<>();
    for (JsonNode widget : widgets) {
      int left = widget.path("x").asInt();
      int top = widget.path("y").asInt();
      assertThat(left + widget.path("width").asInt()).isLessThanOrEqualTo(COLUMNS);
      for (int x = left; x < left + widget.path("width").asInt(); x++) {
        for (int y = top; y < top + widget.path("height").asInt(); y++) {
          assertThat(taken.add(List.of(x, y))).as(widget.at("/properties/title").asText()).isTrue();
        }
      }
    }

    assertThat(widgets)
        .allSatisfy(
            widget -> {
              assertThat(widget.at("/properties/title").asText()).isNotBlank();
              assertThat(widget.at("/properties/region").asText("eu-central-1"))
                  .isEqualTo("eu-central-1");
            });
  }

  private static List<JsonNode> widgets(Deployment deployment, String type) throws Exception {
    return DashboardBody.of(deployment)
        .path("widgets")
        .valueStream()
        .filter(widget -> widget.path("type").asText().equals(type))
        .toList();
  }

  /**
   * See
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
   */
  private static List<Shown> shown(Deployment deployment) throws Exception {
    List<Shown> shown = new ArrayList<>();
    for (JsonNode widget : widgets(deployment, "metric")) {
      for (JsonNode metric : widget.at("/properties/metrics")) {
        if (metric.path(0).isObject()) {
          continue;
        }
        List<String> texts =
            metric.valueStream().filter(JsonNode::isTextual).map(JsonNode::asText).toList();
        Map<String, String> dimensions = new HashMap<>();
        for (int i = 2; i + 1 < texts.size(); i += 2) {
          dimensions.put(texts.get(i), texts.get(i + 1));
        }
        shown.add(new Shown(texts.get(0), texts.get(1), dimensions));
      }
    }
    return shown;
  }

  private static List<Search> searches() throws Exception {
    return expressions().stream()
        .map(expression -> Search.parse(expression.path("expression").asText()))
        .toList();
  }

  /** What stands in a widget in place of a metric. */
  private static List<JsonNode> expressions() throws Exception {
    return widgets(Deployment.withDefaults(), "metric").stream()
        .flatMap(widget -> widget.at("/properties/metrics").valueStream())
        .map(metric -> metric.path(0))
        .filter(JsonNode::isObject)
        .toList();
  }
}
