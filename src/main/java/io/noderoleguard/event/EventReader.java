package io.noderoleguard.event;

import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;

/** Reads the event of an invocation. */
public final class EventReader {

  private EventReader() {}

  /**
   * Reads an event.
   *
   * @param local whether the function runs under SAM on a developer's machine
   * @throws RefusedEventException when the function does not serve it
   */
  public static Event read(InputStream input, boolean local) throws IOException {
    JsonValue value;
    try {
      value = Json.parse(input);
    } catch (MalformedJsonException malformed) {
      throw new RefusedEventException("the event cannot be read: " + malformed.reason());
    }
    if (!(value instanceof JsonObject event)) {
      throw new RefusedEventException("the event is " + value.kind());
    }
    // CloudFormation's first: it alone waits for a response.
    if (Stack.isMeantBy(event)) {
      return Stack.read(event, local);
    }
    if (Queued.isMeantBy(event)) {
      return Queued.read(event);
    }
    if (Changed.isMeantBy(event)) {
      return Changed.read(event);
    }
    return Scheduled.isMeantBy(event) ? Scheduled.read(event) : Direct.read(event);
  }
}
