package io.noderoleguard.cloudtrail;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.CallLimits;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Pace;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.ServiceEndpoint;
import io.noderoleguard.aws.SignedCalls;
import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonNull;
import io.noderoleguard.json.JsonValue.JsonNumber;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.json.MalformedJsonException;
import io.noderoleguard.trail.RecordedCall;
import io.noderoleguard.trail.UnreadableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * CloudTrail's action <a
 * href="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html">
 * LookupEvents</a>.
 */
final class LookupEvents {

  /** Nobody waits for who it was. */
  private static final CallLimits LIMITS =
      new CallLimits(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          1,
          Duration.ofMillis(100),
          Duration.ofSeconds(1));

  /** CloudTrail allows two calls per second in an account and Region. */
  private static final Pace.Limits PACE =
      new Pace.Limits(2, 0.5, 2, 1, Duration.ofMillis(500), Duration.ofSeconds(1));

  /** Further pages are read only for this long back. */
  private static final Duration WINDOW = Duration.ofDays(1);

  private static final int PAGE_SIZE = 50;

  private static final String TARGET = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.";

  private final SignedCalls calls;
  private final Pace pace = new Pace(PACE);

  private LookupEvents(SignedCalls calls) {
    this.calls = calls;
  }

  static LookupEvents withDefaultCredentials(ServiceEndpoint endpoint) {
    return new LookupEvents(SignedCalls.withDefaultCredentials(endpoint, TARGET, LIMITS));
  }

  /** With credentials that the real CloudTrail would refuse. */
  static LookupEvents local(ServiceEndpoint endpoint) {
    return new LookupEvents(SignedCalls.local(endpoint, TARGET, LIMITS));
  }

  /** See {@link EventHistory#ofResource}. */
  Result<List<RecordedCall>> ofResource(String name, Duration left) {
    return new AwsCall("cloudtrail:LookupEvents", "resource " + name)
        .list(
            CallScope.of(LIMITS.call(), pace, left),
            (token, _) -> page(request(name, token)),
            LookupEvents::nextToken,
            LookupEvents::calls)
        .map(found -> found.stream().sorted(RecordedCall.BY_TIME.reversed()).toList());
  }

  private JsonObject page(JsonObject request) {
    JsonObject page = calls.call("LookupEvents", request);
    if (!page.members().containsKey("Events")) {
      throw SdkClientException.create("the response has no member Events");
    }
    return page;
  }

  private static JsonObject request(String name, Optional<String> token) {
    JsonObject attribute =
        JsonObject.with()
            .member("AttributeKey", "ResourceName")
            .member("AttributeValue", name)
            .build();
    JsonObject.Builder request =
        JsonObject.with()
            .member("LookupAttributes", new JsonArray(List.of(attribute)))
            .member("MaxResults", new JsonNumber(String.valueOf(PAGE_SIZE)));
    token.ifPresent(text -> request.member("NextToken", text));
    return request.build();
  }

  /** The token of the next page, where that may still be of the last day. */
  private static Optional<String> nextToken(JsonObject page) {
    Instant since = Instant.now().minus(WINDOW);
    return page.get("NextToken") instanceof JsonString(var token)
            && calls(page).stream()
                .flatMap(call -> call.at().stream())
                .noneMatch(at -> at.isBefore(since))
        ? Optional.of(token)
        : Optional.empty();
  }

  private static List<RecordedCall> calls(JsonObject page) {
    return page.get("Events") instanceof JsonArray(var events)
        ? events.stream().flatMap(LookupEvents::call).toList()
        : List.of();
  }

  private static Stream<RecordedCall> call(JsonValue event) {
    // The record is JSON in a string.
    if (!(event instanceof JsonObject members)
        || !(members.get("CloudTrailEvent") instanceof JsonString(var text))) {
      return Stream.empty();
    }
    try {
      return Json.parse(text) instanceof JsonObject record
          ? Stream.of(RecordedCall.read(record, JsonNull.NULL))
          : Stream.empty();
    } catch (MalformedJsonException | UnreadableRecordException unreadable) {
      // Another service's, which has something of the same name, or one of a form not known yet.
      return Stream.empty();
    }
  }
}
