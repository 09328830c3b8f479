package io.noderoleguard.event;

import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.trail.RecordedCall;
import io.noderoleguard.trail.UnreadableRecordException;

/**
 * CloudTrail saw a call to IAM: an <a
 * href="https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-iam.html">event of
 * EventBridge</a>. It is a hint which role to read.
 */
public record Changed(RecordedCall call) implements Event {

  static boolean isMeantBy(JsonObject event) {
    return event.get("source").equals(new JsonString("aws.iam"));
  }

  static Changed read(JsonObject event) {
    if (!isMeantBy(event)) {
      throw new RefusedEventException("the event's source is " + Quote.of(event.get("source")));
    }
    // Not the detail-type: AWS's own texts differ on it.
    if (!(event.get("detail") instanceof JsonObject record)) {
      throw new RefusedEventException("the event's detail is " + event.get("detail").kind());
    }
    try {
      return new Changed(RecordedCall.read(record, event.get("time")));
    } catch (UnreadableRecordException unreadable) {
      throw new RefusedEventException(
          "the event's detail is no record of a call to IAM: " + unreadable.reason());
    }
  }
}
