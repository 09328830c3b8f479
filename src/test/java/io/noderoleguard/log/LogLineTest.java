package io.noderoleguard.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

final class LogLineTest {

  private final LoggerContext log = new LoggerContext();
  private final LogbackMDCAdapter invocation = new LogbackMDCAdapter();

  LogLineTest() {
    log.setMDCAdapter(invocation);
  }

  private LoggingEvent event(String message, @Nullable Throwable thrown, Object... arguments) {
    LoggingEvent event =
        new LoggingEvent("", log.getLogger("test"), Level.WARN, message, thrown, arguments);
    event.setInstant(Instant.parse("2026-11-24T03:00:00Z"));
    return event;
  }

  private static JsonNode line(LoggingEvent event) throws Exception {
    String text = new String(new LogLine().encode(event), UTF_8);
    assertThat(text).endsWith("\n").containsOnlyOnce("\n");
    return new ObjectMapper().readTree(text);
  }

  @Test
  void aLineHasWhatPowertoolsAndTheGuardGiveIt() throws Exception {
    invocation.put("function_request_id", "1-2");
    invocation.put("function_memory_size", "1024");
    invocation.put("cold_start", "true");
    invocation.put("sampling_rate", "0.0");
    LoggingEvent event = event("{} is {}", null, "role", "right");
    event.addKeyValuePair(new KeyValuePair("role", "NodeInstanceRole"));
    event.addKeyValuePair(new KeyValuePair("outcome", null));

    assertThat(line(event))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"level":"WARN","message":"role is right","cold_start":true,
                     "function_memory_size":1024,"function_request_id":"1-2",
                     "timestamp":"2026-11-24T03:00:00.000Z","role":"NodeInstanceRole",
                     "outcome":"null"}"""));
  }

  @Test
  void aSampledInvocationSaysSo() throws Exception {
    invocation.put("sampling_rate", "0.5");

    assertThat(line(event("x", null)).get("sampling_rate").doubleValue()).isEqualTo(0.5);
  }

  @Test
  void anErrorIsLoggedWithItsCauses() throws Exception {
    Exception thrown = new IllegalStateException("outer", new IllegalArgumentException("inner"));

    JsonNode error = line(event("failed", thrown)).get("error");

    assertThat(error.get("name").textValue()).isEqualTo("java.lang.IllegalStateException");
    assertThat(error.get("message").textValue()).isEqualTo("outer");
    assertThat(error.get("stack").textValue())
        .contains(
            "IllegalStateException: outer",
            "Caused by: java.lang.IllegalArgumentException: inner",
            "\tat ");
  }

  @Test
  void anErrorMayHaveNoMessage() throws Exception {
    assertThat(
            line(event("failed", new StackOverflowError())).get("error").get("message").textValue())
        .isEqualTo("null");
  }

  @Test
  void nothingThatIsLoggedBeginsALineOfItsOwn() throws Exception {
    String forged = "a\r\n{\"level\":\"ERROR\"}\u2028\u0000\"\\";
    invocation.put("service", forged);
    LoggingEvent event = event(forged, new IllegalStateException(forged));
    event.addKeyValuePair(new KeyValuePair("role", forged));

    JsonNode line = line(event);

    assertThat(line.get("level").textValue()).isEqualTo("WARN");
    assertThat(line.get("message").textValue()).isEqualTo(forged);
    assertThat(line.get("service").textValue()).isEqualTo(forged);
    assertThat(line.get("role").textValue()).isEqualTo(forged);
  }

  @Test
  void halfACharacterDoesNotCostTheLine() throws Exception {
    assertThat(line(event("a\ud83d", null)).get("message").textValue()).isEqualTo("a?");
  }

  @Test
  void longTextsAreCut() throws Exception {
    String longest = "a".repeat(LogLine.MAX_TEXT_LENGTH);
    String tooLong = longest + "b";
    invocation.put("service", tooLong);
    LoggingEvent event = event(tooLong, new IllegalStateException(tooLong));
    event.addKeyValuePair(new KeyValuePair("role", tooLong));
    event.addKeyValuePair(new KeyValuePair("finding", longest));
    String cut = longest.substring(1) + "…";

    JsonNode line = line(event);

    assertThat(
            Map.of(
                "message", line.get("message").textValue(),
                "service", line.get("service").textValue(),
                "role", line.get("role").textValue(),
                "error", line.get("error").get("message").textValue()))
        .allSatisfy((field, text) -> assertThat(text).isEqualTo(cut));
    assertThat(line.get("error").get("stack").textValue())
        .hasSize(LogLine.MAX_TEXT_LENGTH)
        .endsWith("…");
    assertThat(line.get("finding").textValue()).isEqualTo(longest);
  }
}
