package io.noderoleguard.lambda;

import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonNull;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import java.util.Optional;

/**
 * A <a
 * href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html">request
 * of CloudFormation</a> for a custom resource.
 *
 * @param requestType {@code Create}, {@code Update} or {@code Delete}, or what CloudFormation may
 *     yet come up with
 * @param physicalResourceId what the answer to Create gave; empty in a Create
 */
record CustomResourceRequest(
    String requestType,
    ResponseUrl responseUrl,
    String stackId,
    String requestId,
    String logicalResourceId,
    Optional<String> physicalResourceId,
    JsonObject properties)
    implements Event {

  /**
   * Reads a request.
   *
   * @throws RefusedEventException when it cannot be answered, or must not: nobody may make the
   *     function call an address that is not CloudFormation's
   */
  static CustomResourceRequest of(JsonObject event, boolean local) {
    ResponseUrl url =
        ResponseUrl.of(required(event, "ResponseURL"), local)
            .orElseThrow(
                () ->
                    new RefusedEventException(
                        "the ResponseURL is not one of CloudFormation's response buckets"));
    return new CustomResourceRequest(
        required(event, "RequestType"),
        url,
        required(event, "StackId"),
        required(event, "RequestId"),
        required(event, "LogicalResourceId"),
        event.get("PhysicalResourceId") instanceof JsonString(var id) && !id.isEmpty()
            ? Optional.of(id)
            : Optional.empty(),
        properties(event));
  }

  private static String required(JsonObject event, String name) {
    if (event.get(name) instanceof JsonString(var text) && !text.isEmpty()) {
      return text;
    }
    throw new RefusedEventException(
        "a request of CloudFormation without the string \"%s\"".formatted(name));
  }

  private static JsonObject properties(JsonObject event) {
    return switch (event.get("ResourceProperties")) {
      case JsonObject properties -> properties;
      case JsonNull _ -> JsonObject.with().build();
      case JsonValue other ->
          throw new RefusedEventException("the ResourceProperties are " + other.kind());
    };
  }
}
