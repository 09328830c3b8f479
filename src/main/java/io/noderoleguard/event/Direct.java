package io.noderoleguard.event;

import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonNull;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.report.Mode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A person or a pipeline asks for a check.
 *
 * @param mode empty for the one of the settings
 * @param roleName empty for all guarded roles
 */
public record Direct(Optional<Mode> mode, Optional<String> roleName) implements Event {

  static Direct read(JsonObject event) {
    Set<String> unknown = new HashSet<>(event.members().keySet());
    unknown.removeAll(Set.of("mode", "roleName"));
    if (!unknown.isEmpty()) {
      throw new RefusedEventException(
          "the event is an object with the members "
              + unknown.stream()
                  .sorted()
                  .limit(10)
                  .map(Quote::shorten)
                  .collect(Collectors.joining(", ")));
    }
    return new Direct(text(event, "mode").map(Direct::mode), text(event, "roleName"));
  }

  private static Mode mode(String label) {
    return Mode.parse(label)
        .orElseThrow(() -> new RefusedEventException(Mode.problemWith(Quote.shorten(label))));
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
}
