package io.noderoleguard.cloudformation;

import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonNull;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.settings.InvalidInputException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A <a
 * href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html">request
 * of CloudFormation</a> for a custom resource.
 *
 * @param requestType {@code Create}, {@code Update} or {@code Delete}, or one that is not known yet
 * @param physicalResourceId what the response to Create gave; empty in a Create
 * @param resourceProperties as they came: a request with wrong ones gets a response too
 */
public record CustomResourceRequest(
    String requestType,
    ResponseUrl responseUrl,
    String stackId,
    String requestId,
    String logicalResourceId,
    Optional<String> physicalResourceId,
    JsonValue resourceProperties) {

  private static final Pattern SERVICE_TIMEOUT = Pattern.compile("[1-9][0-9]{0,3}");

  /**
   * Reads a request.
   *
   * @param local whether the function runs under SAM on a developer's machine
   * @throws UnanswerableRequestException when it cannot be answered, or must not be
   */
  public static CustomResourceRequest read(JsonObject event, boolean local)
      throws UnanswerableRequestException {
    ResponseUrl url =
        ResponseUrl.of(required(event, "ResponseURL"), local)
            .orElseThrow(
                () ->
                    new UnanswerableRequestException(
                        "the ResponseURL is not one of CloudFormation's response buckets"));
    return new CustomResourceRequest(
        event.get("RequestType") instanceof JsonString(var type)
            ? type
            : event.get("RequestType").kind(),
        url,
        required(event, "StackId"),
        required(event, "RequestId"),
        required(event, "LogicalResourceId"),
        event.get("PhysicalResourceId") instanceof JsonString(var id) && !id.isEmpty()
            ? Optional.of(id)
            : Optional.empty(),
        event.get("ResourceProperties"));
  }

  private static String required(JsonObject event, String name)
      throws UnanswerableRequestException {
    if (event.get(name) instanceof JsonString(var text) && !text.isEmpty()) {
      return text;
    }
    throw new UnanswerableRequestException(
        "a request of CloudFormation without the string \"%s\"".formatted(name));
  }

  /**
   * The properties of the resource.
   *
   * @throws InvalidInputException when they are not an object
   */
  public JsonObject properties() {
    return switch (resourceProperties) {
      case JsonObject properties -> properties;
      case JsonNull _ -> JsonObject.with().build();
      case JsonValue other ->
          throw new InvalidInputException(
              List.of("ResourceProperties: they are %s.".formatted(other.kind())));
    };
  }

  /** How long CloudFormation waits for the response, where the stack's author has set it. */
  public Optional<Duration> serviceTimeout() {
    return resourceProperties instanceof JsonObject properties
            && properties.get("ServiceTimeout") instanceof JsonString(var seconds)
            && SERVICE_TIMEOUT.matcher(seconds).matches()
        ? Optional.of(Duration.ofSeconds(Integer.parseInt(seconds)))
        : Optional.empty();
  }
}
