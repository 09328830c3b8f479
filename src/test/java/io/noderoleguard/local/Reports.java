package io.noderoleguard.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the JSON that goes in and comes out. */
final class Reports {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Reports() {}

  static Set<String> findingTypes(JsonNode report) {
    return roles(report)
        .flatMap(role -> role.path("findings").valueStream())
        .map(finding -> finding.path("type").asText())
        .collect(Collectors.toSet());
  }

  static List<String> noteTypes(JsonNode report) {
    return roles(report)
        .flatMap(role -> role.path("notes").valueStream())
        .map(note -> note.path("type").asText())
        .toList();
  }

  /** The documents that the report keeps, since they were overwritten. */
  static List<String> previousDocuments(JsonNode report) {
    return roles(report)
        .flatMap(role -> role.path("findings").valueStream())
        .filter(finding -> finding.has("previous"))
        .map(finding -> finding.path("previous").asText())
        .toList();
  }

  static List<JsonNode> changes(JsonNode report) {
    return roles(report).flatMap(role -> role.path("changes").valueStream()).toList();
  }

  private static Stream<JsonNode> roles(JsonNode report) {
    return report.path("roles").valueStream();
  }

  /** For a person. */
  static String describe(JsonNode report) {
    StringBuilder text = new StringBuilder();
    roles(report)
        .forEach(
            role -> {
              text.append(
                  "  %s: %s%n"
                      .formatted(role.path("roleName").asText(), role.path("status").asText()));
              list(text, "found", role.path("findings"));
              list(text, "changed", role.path("changes"));
              list(text, "still differs", role.path("remaining"));
              if (!role.path("notes").isEmpty()) {
                list(text, "noted", role.path("notes"));
              }
            });
    return text.toString();
  }

  private static void list(StringBuilder text, String title, JsonNode entries) {
    if (entries.isEmpty()) {
      text.append("  ").append(title).append(": nothing\n");
    } else {
      text.append("  ").append(title).append(":\n");
      entries.forEach(
          entry -> {
            text.append("    - ").append(sentence(entry)).append('\n');
            if (entry.has("previous")) {
              text.append("      before: ").append(entry.path("previous").asText()).append('\n');
            }
          });
    }
  }

  private static String sentence(JsonNode entry) {
    if (entry.has("message")) {
      return entry.path("message").asText();
    }
    return entry.properties().stream()
        .map(member -> member.getValue().asText())
        .collect(Collectors.joining(" "));
  }

  /** A batch of SQS with this one event. */
  static String queued(JsonNode event) {
    ObjectNode batch = JSON.createObjectNode();
    batch
        .putArray("Records")
        .addObject()
        .put("messageId", "1")
        .put("eventSource", "aws:sqs")
        .put("body", event.toString());
    return batch.toString();
  }

  /** Indented, if it is JSON. */
  static String pretty(String json) {
    try {
      return JSON.readTree(json).toPrettyString();
    } catch (JsonProcessingException e) {
      return json;
    }
  }

  /** The event, if it is CloudFormation's; any other is sent as it is, broken ones included. */
  static Optional<ObjectNode> cloudFormationEvent(String event) {
    try {
      return JSON.readTree(event) instanceof ObjectNode object && object.has("RequestType")
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
