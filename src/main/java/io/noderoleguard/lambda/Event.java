package io.noderoleguard.lambda;

import io.noderoleguard.guard.Mode;
import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonNull;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** An event that the function serves. */
sealed interface Event permits Event.Scheduled, Event.Direct, CustomResourceRequest {

  /** It is time for the nightly check. */
  record Scheduled() implements Event {}

  /**
   * A person or a pipeline asks for a check.
   *
   * @param mode empty for the one of the settings
   * @param roleName empty for all guarded roles
   */
  record Direct(Optional<Mode> mode, Optional<String> roleName) implements Event {}

  /**
   * Reads an event.
   *
   * @param local whether the function runs under SAM on a developer's machine
   * @throws RefusedEventException when it is none of those
   */
  static Event read(InputStream input, boolean local) throws IOException {
    JsonValue value;
    try {
      value = Json.parse(input);
    } catch (MalformedJsonException malformed) {
      throw new RefusedEventException("the event cannot be read: " + malformed.reason());
    }
    if (!(value instanceof JsonObject event)) {
      throw new RefusedEventException("the event is " + value.kind());
    }
    // CloudFormation's is looked for first: it alone waits for an answer.
    if (event.members().containsKey("RequestType")) {
      return CustomResourceRequest.of(event, local);
    }
    if (event.members().containsKey("detail-type") || event.members().containsKey("source")) {
      return scheduled(event);
    }
    return direct(event);
  }

  // https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-scheduler.html and
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
  private static Scheduled scheduled(JsonObject event) {
    if (!event.get("detail-type").equals(new JsonString("Scheduled Event"))) {
      throw new RefusedEventException(
          "the event's detail-type is " + quote(event.get("detail-type")));
    }
    if (!(event.get("source") instanceof JsonString(var source))
        || !Set.of("aws.events", "aws.scheduler").contains(source)) {
      throw new RefusedEventException("the event's source is " + quote(event.get("source")));
    }
    return new Scheduled();
  }

  private static Direct direct(JsonObject event) {
    Set<String> unknown = new HashSet<>(event.members().keySet());
    unknown.removeAll(Set.of("mode", "roleName"));
    if (!unknown.isEmpty()) {
      throw new RefusedEventException(
          "the event is an object with the members "
              + unknown.stream()
                  .sorted()
                  .limit(10)
                  .map(Event::shorten)
                  .collect(Collectors.joining(", ")));
    }
    Optional<Mode> mode =
        text(event, "mode")
            .map(
                label ->
                    Mode.labelled(label)
                        .orElseThrow(
                            () -> new RefusedEventException(Mode.problemWith(shorten(label)))));
    return new Direct(mode, text(event, "roleName"));
  }

  private static Optional<String> text(JsonObject event, String name) {
    return switch (event.get(name)) {
      case JsonNull _ when !event.members().containsKey(name) -> Optional.empty();
      case JsonString(var text) -> Optional.of(text);
      case JsonValue other ->
          throw new RefusedEventException(
              "\"%s\" is %s where a string belongs".formatted(name, other.kind()));
    };
  }

  private static String quote(JsonValue value) {
    return value instanceof JsonString(var text) ? "\"" + shorten(text) + "\"" : value.kind();
  }

  private static String shorten(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }
}
