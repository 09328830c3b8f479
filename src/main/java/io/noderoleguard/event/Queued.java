package io.noderoleguard.event;

import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.json.MalformedJsonException;
import java.util.List;

/**
 * Changes that waited in a queue: a <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html">batch of SQS</a>, each message
 * of which holds an event like {@link Changed}.
 */
public record Queued(List<Message> messages) implements Event {

  /** The largest message that SQS takes. */
  private static final int MAX_BODY = 1 << 20;

  public Queued {
    messages = List.copyOf(messages);
  }

  /** One message of the batch. */
  public sealed interface Message {

    /** By which SQS knows it. */
    String id();

    /** A message that can be served. */
    record Read(String id, Changed event) implements Message {}

    /** A message that is refused by itself: the others are served. */
    record Refused(String id, RefusedEventException refusal) implements Message {}
  }

  static boolean isMeantBy(JsonObject event) {
    return event.members().containsKey("Records");
  }

  static Queued read(JsonObject event) {
    if (!(event.get("Records") instanceof JsonArray(var records)) || records.isEmpty()) {
      throw new RefusedEventException("the event's Records are no list of one or more");
    }
    return new Queued(records.stream().map(Queued::message).toList());
  }

  private static Message message(JsonValue value) {
    // A record without these cannot be returned to the queue by itself.
    if (!(value instanceof JsonObject record)
        || !record.get("eventSource").equals(new JsonString("aws:sqs"))) {
      throw new RefusedEventException("one of the event's Records is not from SQS");
    }
    if (!(record.get("messageId") instanceof JsonString(var id)) || id.isEmpty()) {
      throw new RefusedEventException("one of the event's Records has no messageId");
    }
    try {
      return new Message.Read(id, Changed.read(body(record)));
    } catch (RefusedEventException refused) {
      return new Message.Refused(id, refused);
    }
  }

  private static JsonObject body(JsonObject record) {
    if (!(record.get("body") instanceof JsonString(var text))) {
      throw new RefusedEventException("the message's body is " + record.get("body").kind());
    }
    if (text.length() > MAX_BODY) {
      return refuse("the message's body is longer than SQS takes");
    }
    try {
      return Json.parse(text) instanceof JsonObject event
          ? event
          : refuse("the message's body is not an object");
    } catch (MalformedJsonException malformed) {
      return refuse("the message's body cannot be read: " + malformed.reason());
    }
  }

  private static JsonObject refuse(String reason) {
    throw new RefusedEventException(reason);
  }
}
