package io.noderoleguard.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonBoolean;
import io.noderoleguard.json.JsonValue.JsonNumber;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.json.Text;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * A line of JSON for what is logged, with the fields that <a
 * href="https://docs.aws.amazon.com/powertools/java/latest/core/logging/">Powertools</a> gives a
 * line: {@code level}, {@code message}, {@code error} with {@code message}, {@code name} and {@code
 * stack}, those of the invocation, {@code timestamp} (UTC, milliseconds), and the line's own.
 *
 * <p>No text in it has more than {@value #MAX_TEXT_LENGTH} characters: Lambda cuts a line of more
 * than 256 KB in two, and no metric would be counted from its halves.
 */
public final class LogLine extends EncoderBase<ILoggingEvent> {

  static final int MAX_TEXT_LENGTH = 16_384;

  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    JsonObject.Builder line =
        JsonObject.with()
            .member("level", event.getLevel().toString())
            .member("message", text(event.getFormattedMessage()));
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      line.member("error", error(thrown));
    }
    new TreeMap<>(event.getMDCPropertyMap())
        .forEach((name, value) -> invocationField(line, name, value));
    line.member("timestamp", MILLISECONDS.format(event.getInstant()));
    List<KeyValuePair> fields = event.getKeyValuePairs();
    if (fields != null) {
      fields.forEach(field -> line.member(field.key, value(field.value)));
    }
    return (Json.write(line.build()) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  private static JsonObject error(IThrowableProxy thrown) {
    return JsonObject.with()
        .member("message", text(Objects.toString(thrown.getMessage())))
        .member("name", new JsonString(thrown.getClassName()))
        .member("stack", text(ThrowableProxyUtil.asString(thrown)))
        .build();
  }

  /** Powertools keeps all of them as texts; its own layouts too write some as what they are. */
  private static void invocationField(JsonObject.Builder line, String name, String value) {
    switch (name) {
      case "cold_start" -> line.member(name, new JsonBoolean(Boolean.parseBoolean(value)));
      case "function_memory_size" -> line.member(name, new JsonNumber(value));
      case "sampling_rate" -> {
        if (!value.equals("0.0")) {
          line.member(name, new JsonNumber(value));
        }
      }
      default -> line.member(name, text(value));
    }
  }

  /** Metric filters read the value of a metric as a number only. */
  private static JsonValue value(@Nullable Object value) {
    return value instanceof Integer || value instanceof Long
        ? new JsonNumber(value.toString())
        : text(Objects.toString(value));
  }

  private static JsonString text(String text) {
    return new JsonString(Text.cut(text, MAX_TEXT_LENGTH));
  }
}
