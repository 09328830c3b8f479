package io.noderoleguard.trail;

import io.noderoleguard.json.JsonValue.JsonBoolean;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.json.Text;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who made a call, as CloudTrail's <a
 * href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html">userIdentity</a>
 * says: texts for a person, made short and printable. The session's name, the tool and the address
 * are as the caller chose them.
 *
 * @param by an ARN, or the name of an AWS service
 * @param issuer the ARN of the role that was assumed, path included, which nobody can choose
 * @param with the tool, in a word or two
 * @param from an IP address, or the name of an AWS service
 */
public record Caller(
    Optional<String> by, Optional<String> issuer, Optional<String> with, Optional<String> from) {

  private static final int MAX_ARN = 300;
  private static final int MAX_ADDRESS = 64;

  static Caller read(JsonObject record) {
    JsonObject identity = object(record, "userIdentity");
    Optional<String> service = text(identity, "invokedBy", MAX_ADDRESS);
    return new Caller(
        text(identity, "arn", MAX_ARN)
            .or(() -> service)
            .or(() -> text(identity, "userName", MAX_ARN))
            .or(() -> text(identity, "principalId", MAX_ARN)),
        text(object(object(identity, "sessionContext"), "sessionIssuer"), "arn", MAX_ARN),
        Tool.of(
            text(record, "userAgent", Tool.MAX_READ).orElse(""),
            service,
            isTrue(record, "sessionCredentialFromConsole")),
        text(record, "sourceIPAddress", MAX_ADDRESS));
  }

  private static JsonObject object(JsonObject parent, String name) {
    return parent.get(name) instanceof JsonObject object ? object : JsonObject.with().build();
  }

  private static Optional<String> text(JsonObject parent, String name, int maxLength) {
    return parent.get(name) instanceof JsonString(var text)
        ? Optional.of(Text.printable(text, maxLength)).filter(printable -> !printable.isEmpty())
        : Optional.empty();
  }

  /** Recorded both as a boolean and as a string. */
  private static boolean isTrue(JsonObject record, String name) {
    return switch (record.get(name)) {
      case JsonBoolean(var value) -> value;
      case JsonString(var text) -> text.equals("true");
      case Object _ -> false;
    };
  }

  /** "arn:aws:iam::123456789012:user/alice (Terraform, 203.0.113.10)". */
  public String words() {
    // Where a service made the call, its name is also the address.
    String details =
        Stream.concat(
                with.filter(tool -> !by.equals(Optional.of(tool))).stream(),
                from.filter(Caller::isAddress).stream())
            .collect(Collectors.joining(", "));
    return by.orElse("someone") + (details.isEmpty() ? "" : " (%s)".formatted(details));
  }

  private static boolean isAddress(String from) {
    return !from.equals("AWS Internal") && !from.contains(".amazonaws.");
  }
}
