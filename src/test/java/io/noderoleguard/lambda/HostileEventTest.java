package io.noderoleguard.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import com.amazonaws.services.lambda.runtime.Context;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is sent ends in a documented error, and the next good event is served. */
final class HostileEventTest {

  private static final long SEED = Long.getLong("seed", 20260101);
  private static final int EVENTS = 12_000;
  private static final int HUGE = 6 << 20;

  private static final List<String> SAMPLES =
      List.of(
          "scheduled.json",
          "scheduler.json",
          "direct.json",
          "direct-audit.json",
          "cfn-create.json",
          "cfn-update.json",
          "cfn-delete.json");

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1e999",
          "1".repeat(2_000),
          "\"\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "[]",
          "[null]",
          "{}",
          "{\"a\":{\"a\":{}}}",
          "\"https://127.0.0.1/\"",
          "\"https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com.evil.example/\"",
          "\"http://[::1\"");

  private final Random random = new Random(SEED);
  private final Context context = mock(withSettings().stubOnly());

  /** A guard that is asked for is one too many: wrong settings end every event before it. */
  private final GuardHandler handler =
      new GuardHandler(
          Map.of("MODE", "wrong on purpose"),
          () -> {
            throw new AssertionError("the guard was asked for");
          });

  @BeforeEach
  void describeTheInvocation() {
    when(context.getInvokedFunctionArn())
        .thenReturn("arn:aws:lambda:eu-central-1:123456789012:function:guard");
    when(context.getRemainingTimeInMillis()).thenReturn(30_000);
    when(context.getAwsRequestId()).thenReturn("11111111-2222-3333-4444-555555555555");
  }

  private void handle(byte[] event) throws IOException {
    handler.handleRequest(new ByteArrayInputStream(event), new ByteArrayOutputStream(), context);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** None of them may be answered: the address is not CloudFormation's. */
  private static List<String> samples() throws IOException {
    List<String> samples = new ArrayList<>();
    for (String name : SAMPLES) {
      samples.add(
          Files.readString(Path.of("events", name)).replace("amazonaws.com/", "evil.example/"));
    }
    return samples;
  }

  private byte[] hostile(List<String> samples) {
    String sample = samples.get(random.nextInt(samples.size()));
    return switch (random.nextInt(9)) {
      case 0 -> utf8(sample.substring(0, random.nextInt(sample.length())));
      case 1 -> flipped(utf8(sample));
      case 2 -> utf8(sample.replaceFirst("\\{", "{\"%s\":1,\"%<s\":2,".formatted(word())));
      case 3 -> utf8(withOtherValue(sample));
      case 4 -> utf8(nested(1 + random.nextInt(20_000)));
      case 5 -> sample.getBytes(encoding());
      case 6 -> noise(random.nextInt(512));
      case 7 -> utf8(sample + sample);
      default -> utf8(withOtherValue(withOtherValue(sample)).replaceFirst(":", word()));
    };
  }

  private byte[] flipped(byte[] event) {
    int flips = 1 + random.nextInt(4);
    for (int i = 0; i < flips; i++) {
      event[random.nextInt(event.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return event;
  }

  private String withOtherValue(String sample) {
    List<Integer> colons = new ArrayList<>();
    for (int at = sample.indexOf("\": "); at >= 0; at = sample.indexOf("\": ", at + 1)) {
      colons.add(at + 3);
    }
    if (colons.isEmpty()) {
      return VALUES.get(random.nextInt(VALUES.size()));
    }
    int from = colons.get(random.nextInt(colons.size()));
    int to = sample.indexOf('\n', from);
    String end = to > 0 && sample.charAt(to - 1) == ',' ? "," : "";
    return sample.substring(0, from)
        + VALUES.get(random.nextInt(VALUES.size()))
        + end
        + (to < 0 ? "" : sample.substring(to));
  }

  private String nested(int depth) {
    return switch (random.nextInt(3)) {
      case 0 -> "[".repeat(depth);
      case 1 -> "{\"mode\":".repeat(depth) + "1" + "}".repeat(depth);
      default -> "[".repeat(depth) + "]".repeat(depth);
    };
  }

  private Charset encoding() {
    return random.nextBoolean() ? StandardCharsets.UTF_16 : StandardCharsets.UTF_16LE;
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private String word() {
    return Arrays.asList("mode", "RequestType", "source", "\\u0000", "ResponseURL", ":", "}", "")
        .get(random.nextInt(8));
  }

  @Test
  @Timeout(60)
  void onlyDocumentedErrorsComeOutAndTheNextGoodEventIsServed() throws Exception {
    System.out.printf("%d events from seed %d on%n", EVENTS, SEED);
    List<String> samples = samples();
    Map<String, Integer> outcomes = new TreeMap<>();
    for (int i = 0; i < EVENTS; i++) {
      byte[] event = hostile(samples);
      String outcome;
      try {
        handle(event);
        outcome = "served";
      } catch (RefusedEventException | InvalidInputException documented) {
        outcome = documented.getClass().getSimpleName();
        assertThat(documented.getMessage()).hasSizeLessThan(4_000);
      }
      outcomes.merge(outcome, 1, Integer::sum);
    }
    System.out.println(outcomes);

    assertThat(outcomes).containsOnlyKeys("RefusedEventException", "InvalidInputException");
    assertThat(outcomes.get("RefusedEventException")).isGreaterThan(EVENTS / 2);
    assertThatThrownBy(() -> handle(utf8("{}"))).isInstanceOf(InvalidInputException.class);
  }

  @Test
  @Timeout(60)
  void anEventOfTheLargestSizeIsRefusedWithAShortMessage() {
    List<String> huge =
        List.of(
            " ".repeat(HUGE),
            "\"" + "x".repeat(HUGE) + "\"",
            "{\"mode\":\"" + "x".repeat(HUGE) + "\"}",
            "{\"" + "x".repeat(HUGE) + "\":1}",
            "{\"source\":\"" + "x".repeat(HUGE) + "\"}",
            "[" + "1,".repeat(HUGE / 2) + "1]",
            "1".repeat(HUGE),
            "[".repeat(HUGE),
            "{\"a\":".repeat(HUGE / 5));
    for (String event : huge) {
      assertThatThrownBy(() -> handle(utf8(event)))
          .isInstanceOf(RefusedEventException.class)
          .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(4_000));
    }
  }
}
