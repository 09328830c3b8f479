package io.noderoleguard.trail;

import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonNull;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.json.Text;
import java.util.Optional;

/**
 * What a call is about, as its parameters name it. They are a stranger's texts, made short and
 * printable: a hint where to look, and nothing to act on.
 *
 * @param policyName the name of an inline policy
 */
public record Subject(
    Optional<String> roleName,
    Optional<String> instanceProfileName,
    Optional<String> policyArn,
    Optional<String> policyName) {

  /** Longer than any name or ARN of IAM. */
  private static final int MAX_LENGTH = 1_000;

  /** CloudTrail leaves the parameters out of some refused calls. */
  static Subject read(JsonValue parameters) throws UnreadableRecordException {
    return switch (parameters) {
      case JsonObject named ->
          new Subject(
              text(named, "roleName"),
              text(named, "instanceProfileName"),
              text(named, "policyArn"),
              text(named, "policyName"));
      case JsonNull _ ->
          new Subject(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
      case JsonValue other ->
          throw new UnreadableRecordException(
              "its requestParameters are %s".formatted(other.kind()));
    };
  }

  private static Optional<String> text(JsonObject parameters, String name)
      throws UnreadableRecordException {
    return switch (parameters.get(name)) {
      case JsonNull _ -> Optional.empty();
      case JsonString(var text) -> Optional.of(Text.printable(text, MAX_LENGTH));
      case JsonValue other ->
          throw new UnreadableRecordException(
              "its %s is %s where a string belongs".formatted(name, other.kind()));
    };
  }
}
