package io.noderoleguard.event;

import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import java.util.Set;

/**
 * It is time for the nightly check: from an <a
 * href="https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-scheduler.html">EventBridge
 * rule</a> or <a
 * href="https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html">EventBridge
 * Scheduler</a>.
 */
public record Scheduled() implements Event {

  static boolean isMeantBy(JsonObject event) {
    return event.members().containsKey("detail-type") || event.members().containsKey("source");
  }

  static Scheduled read(JsonObject event) {
    if (!event.get("detail-type").equals(new JsonString("Scheduled Event"))) {
      throw new RefusedEventException(
          "the event's detail-type is " + Quote.of(event.get("detail-type")));
    }
    if (!(event.get("source") instanceof JsonString(var source))
        || !Set.of("aws.events", "aws.scheduler").contains(source)) {
      throw new RefusedEventException("the event's source is " + Quote.of(event.get("source")));
    }
    return new Scheduled();
  }
}
