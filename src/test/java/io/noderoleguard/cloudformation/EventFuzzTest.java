package io.noderoleguard.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.noderoleguard.event.Event;
import io.noderoleguard.event.EventReader;
import io.noderoleguard.event.RefusedEventException;
import io.noderoleguard.event.Stack;
import io.noderoleguard.settings.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes arrive are an event or are refused, shortly and by the documented errors. */
final class EventFuzzTest {

  /** The fuzzer starts from the examples. */
  static List<byte[]> examples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("events"))) {
      return files.sorted().map(EventFuzzTest::bytes).toList();
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  @DictionaryEntries({
    "\"RequestType\":",
    "\"ResponseURL\":",
    "\"ResourceProperties\":",
    "\"ServiceTimeout\":",
    "\"detail-type\":",
    "\"source\":",
    "\"mode\":",
    "\"roleName\":",
    "\\u0000",
    "\\ud800"
  })
  @MethodSource("examples")
  @FuzzTest(maxDuration = "5m")
  void anEventIsReadOrRefused(byte[] bytes) throws IOException {
    try {
      Event event = EventReader.read(new ByteArrayInputStream(bytes), false);
      if (event instanceof Stack(var request)) {
        assertThat(request.responseUrl().secret().getScheme()).isEqualTo("https");
        assertThat(request.serviceTimeout().orElse(Duration.ofSeconds(1))).isPositive();
        request.properties();
      }
    } catch (RefusedEventException | InvalidInputException documented) {
      assertThat(documented.getMessage()).isNotBlank().hasSizeLessThan(4_000);
    }
  }
}
