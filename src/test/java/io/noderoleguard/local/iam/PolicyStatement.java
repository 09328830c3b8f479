package io.noderoleguard.local.iam;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One statement of a policy that grants or denies permissions.
 *
 * @param start where IAM says that it begins
 * @param end behind its last character
 */
record PolicyStatement(
    boolean isAllow,
    Element actions,
    Element resources,
    List<Condition> conditions,
    Position start,
    Position end) {

  /** A place in a document, both numbers counted from 1. */
  record Position(int line, int column) {}

  /** An element or its opposite, such as {@code Action} or {@code NotAction}. */
  record Element(List<PolicyPattern> patterns, boolean isNegated) {}

  /** All values of one key under one operator. */
  record Condition(ConditionOperator operator, String key, List<PolicyPattern> values) {}

  static PolicyStatement of(JsonNode statement, Position start, Position end) {
    List<Condition> conditions = new ArrayList<>();
    for (Map.Entry<String, JsonNode> operator : statement.path("Condition").properties()) {
      for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
        conditions.add(
            new Condition(
                ConditionOperator.of(operator.getKey()), key.getKey(), patterns(key.getValue())));
      }
    }
    return new PolicyStatement(
        statement.path("Effect").asText().equals("Allow"),
        element(statement, "Action"),
        element(statement, "Resource"),
        List.copyOf(conditions),
        start,
        end);
  }

  private static Element element(JsonNode statement, String name) {
    boolean isNegated = statement.has("Not" + name);
    return new Element(patterns(statement.path(isNegated ? "Not" + name : name)), isNegated);
  }

  private static List<PolicyPattern> patterns(JsonNode node) {
    Stream<JsonNode> nodes =
        node.isArray() ? StreamSupport.stream(node.spliterator(), false) : Stream.of(node);
    return nodes.map(each -> new PolicyPattern(each.asText())).toList();
  }

  /** Whether it speaks of the request, be it to allow or to deny it. */
  boolean matches(SimulatedRequest request) {
    return actions.isNegated()
            != actions.patterns().stream()
                .anyMatch(pattern -> pattern.matchesInAnyCase(request.action(), request))
        && resources.isNegated()
            != resources.patterns().stream()
                .anyMatch(pattern -> pattern.matchesArn(request.resource(), request))
        && conditions.stream()
            .allMatch(
                condition ->
                    condition
                        .operator()
                        .holds(request.value(condition.key()), condition.values(), request));
  }

  /** The context keys that it mentions, as conditions or as variables. */
  Stream<String> contextKeys() {
    return Stream.concat(
        resources.patterns().stream().flatMap(PolicyPattern::variables),
        conditions.stream()
            .flatMap(
                condition ->
                    Stream.concat(
                        Stream.of(condition.key()),
                        condition.values().stream().flatMap(PolicyPattern::variables))));
  }
}
