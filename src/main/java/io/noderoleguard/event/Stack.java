package io.noderoleguard.event;

import io.noderoleguard.cloudformation.CustomResourceRequest;
import io.noderoleguard.cloudformation.UnanswerableRequestException;
import io.noderoleguard.json.JsonValue.JsonObject;

/** A stack asks for a custom resource. */
public record Stack(CustomResourceRequest request) implements Event {

  static boolean isMeantBy(JsonObject event) {
    return event.members().containsKey("RequestType");
  }

  static Stack read(JsonObject event, boolean local) {
    try {
      return new Stack(CustomResourceRequest.read(event, local));
    } catch (UnanswerableRequestException unanswerable) {
      throw new RefusedEventException(unanswerable.reason());
    }
  }
}
