package io.noderoleguard.eventbridge;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.AwsProblem.Kind;
import io.noderoleguard.aws.CallLimits;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Pace;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.ServiceEndpoint;
import io.noderoleguard.aws.SignedCalls;
import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.json.Text;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * EventBridge's action <a
 * href="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html">PutEvents
 * </a>, with one entry at a time.
 */
final class PutEvents {

  /** Someone else waits: SQS for its answer. */
  private static final CallLimits LIMITS =
      new CallLimits(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          1,
          Duration.ofMillis(100),
          Duration.ofSeconds(1));

  /** A run sends one event: the pace only waits out a refusal. */
  private static final Pace.Limits PACE =
      new Pace.Limits(5, 5, 5, 2, Duration.ofMillis(200), Duration.ofSeconds(1));

  private static final String TARGET = "AWSEvents.";
  private static final int MAX_TEXT = 300;

  private final SignedCalls calls;
  private final Pace pace = new Pace(PACE);

  private PutEvents(SignedCalls calls) {
    this.calls = calls;
  }

  static PutEvents withDefaultCredentials(ServiceEndpoint endpoint) {
    return new PutEvents(SignedCalls.withDefaultCredentials(endpoint, TARGET, LIMITS));
  }

  /** With credentials that the real EventBridge would refuse. */
  static PutEvents local(ServiceEndpoint endpoint) {
    return new PutEvents(SignedCalls.local(endpoint, TARGET, LIMITS));
  }

  /** See {@link EventBus#put}. What got no response is sent again: better twice than never. */
  Result<String> put(BusEvent event, Duration left) {
    AwsCall call = new AwsCall("events:PutEvents", "the default event bus");
    CallScope scope = CallScope.of(LIMITS.call(), pace, left);
    Result<String> first = call.make(scope, _ -> eventId(event));
    return first instanceof Failed<String>(var problem) && problem.kind() == Kind.UNAVAILABLE
        ? call.make(scope, _ -> eventId(event))
        : first;
  }

  /** A call can succeed and its entry fail. */
  private String eventId(BusEvent event) {
    JsonObject response = calls.call("PutEvents", request(event));
    if (!(response.get("Entries") instanceof JsonArray(var entries))
        || entries.size() != 1
        || !(entries.getFirst() instanceof JsonObject only)) {
      throw SdkClientException.create("the response does not say what became of the event");
    }
    if (only.get("EventId") instanceof JsonString(var id) && !id.isEmpty()) {
      return id;
    }
    throw AwsServiceException.builder()
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .errorCode(text(only, "ErrorCode"))
                .errorMessage(text(only, "ErrorMessage"))
                .build())
        .build();
  }

  private static JsonObject request(BusEvent event) {
    JsonObject only =
        JsonObject.with()
            .member("Source", event.source())
            .member("DetailType", event.detailType())
            .member("Resources", new JsonArray(List.of(new JsonString(event.resource()))))
            .member("Detail", Json.write(event.detail()))
            .build();
    return JsonObject.with().member("Entries", new JsonArray(List.of(only))).build();
  }

  private static String text(JsonObject entry, String name) {
    return entry.get(name) instanceof JsonString(var text)
        ? Text.printable(text, MAX_TEXT)
        : "no " + name;
  }
}
