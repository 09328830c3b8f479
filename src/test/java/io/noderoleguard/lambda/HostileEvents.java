package io.noderoleguard.lambda;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Broken, truncated, nested, wrongly encoded and merely wrong events, made of good ones. */
final class HostileEvents {

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

  private final Random random;
  private final List<String> samples;

  HostileEvents(long seed, List<String> samples) {
    this.random = new Random(seed);
    this.samples = List.copyOf(samples);
  }

  /** The next one. */
  byte[] next() {
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

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
