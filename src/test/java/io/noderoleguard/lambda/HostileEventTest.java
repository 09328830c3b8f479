package io.noderoleguard.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.management.ThreadMXBean;
import io.noderoleguard.event.RefusedEventException;
import io.noderoleguard.eventbridge.EventBus;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.rig.HandlerRig;
import io.noderoleguard.settings.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is sent ends in a documented error, and the next good event is served. */
@Isolated("What others have on the heap would be measured too.")
final class HostileEventTest {

  private static final long SEED = Long.getLong("seed", 20260101);
  private static final int EVENTS = 12_000;
  private static final int AMID_GOOD_ONES = 2_000;
  private static final int HUGE = 6 << 20;

  /** In bytes for each byte of the event. */
  private static final long MOST_ALLOCATED = 6;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final List<String> SAMPLES =
      List.of(
          "scheduled.json",
          "scheduler.json",
          "direct.json",
          "direct-audit.json",
          "cfn-create.json",
          "cfn-update.json",
          "cfn-delete.json",
          "role-changed.json");

  private static final Path CHANGE =
      Path.of("src/test/resources/cloudtrail/03-detach-role-policy-terraform.json");

  private final Context context = HandlerRig.context();

  /** A guard that is asked for is one too many: wrong settings end every event before it. */
  private final GuardHandler handler =
      new GuardHandler(
          Map.of("MODE", "wrong on purpose"),
          () -> {
            throw new AssertionError("the guard was asked for");
          },
          EventBus.ofDefaultAccount());

  private void handle(byte[] event) throws IOException {
    handle(handler, event);
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
    samples.add(Files.readString(CHANGE));
    return samples;
  }

  /** A batch of changes, written as the other samples are. */
  private static String queued() throws IOException {
    return """
        {
          "Records": [
            {
              "messageId": "1",
              "eventSource": "aws:sqs",
              "body": %s
            }
          ]
        }
        """
        .formatted(ANOTHER_READER.writeValueAsString(Files.readString(CHANGE)));
  }

  @Test
  @Timeout(60)
  void onlyDocumentedErrorsComeOutAndTheNextGoodEventIsServed() throws Exception {
    System.out.printf("%d events from seed %d on%n", EVENTS, SEED);
    List<String> samples = samples();
    samples.add(queued());
    samples.add(HandlerRig.sample("role-changed-queue.json"));
    HostileEvents events = new HostileEvents(SEED, samples);
    Map<String, Integer> outcomes = new TreeMap<>();
    long before = 0;
    long sent = 0;
    for (int i = 0; i < EVENTS; i++) {
      if (i == EVENTS / 10) {
        // What the first events load is loaded.
        before = usedAfterCollection();
      }
      byte[] event = events.next();
      sent += event.length;
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
    long kept = usedAfterCollection() - before;
    System.out.printf("%s, %,d bytes sent, %,d kept%n", outcomes, sent, kept);

    assertThat(kept).isLessThan(sent / 50);
    assertThat(outcomes).containsOnlyKeys("RefusedEventException", "InvalidInputException");
    assertThat(outcomes.get("RefusedEventException")).isGreaterThan(EVENTS / 2);
    assertThatThrownBy(() -> handle(utf8("{}"))).isInstanceOf(InvalidInputException.class);
  }

  private static long usedAfterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  static Stream<Arguments> hugeEvents() {
    return Stream.of(
        Arguments.of("spaces", " ".repeat(HUGE)),
        Arguments.of("a string", "\"" + "x".repeat(HUGE) + "\""),
        Arguments.of("a long mode", "{\"mode\":\"" + "x".repeat(HUGE) + "\"}"),
        Arguments.of("a long name", "{\"" + "x".repeat(HUGE) + "\":1}"),
        Arguments.of("a long name twice", "{" + ("\"" + "x".repeat(HUGE / 2) + "\":1,").repeat(2)),
        Arguments.of("a name twice", "{" + ("\"" + "x".repeat(40_000) + "\":1,").repeat(2)),
        Arguments.of("a long source", "{\"source\":\"" + "x".repeat(HUGE) + "\"}"),
        Arguments.of("a string of escapes", "{\"mode\":\"" + "\\u0416".repeat(HUGE / 6) + "\"}"),
        Arguments.of("numbers", "[" + "1,".repeat(HUGE / 2) + "1]"),
        Arguments.of("objects", "[" + "{},".repeat(HUGE / 3) + "{}]"),
        Arguments.of("arrays", "[" + "[],".repeat(HUGE / 3) + "[]]"),
        Arguments.of("strings", "[" + "\"\",".repeat(HUGE / 3) + "1]"),
        Arguments.of(
            "members",
            IntStream.range(0, HUGE / 11)
                .mapToObj("\"%07x\":1"::formatted)
                .collect(Collectors.joining(",", "{", "}"))),
        Arguments.of(
            "a message",
            "{\"Records\":[{\"eventSource\":\"aws:sns\",\"messageId\":\"%s\"}]}"
                .formatted("x".repeat(HUGE))),
        Arguments.of(
            "a change's detail",
            "{\"source\":\"aws.iam\",\"detail\":\"%s\"}".formatted("x".repeat(HUGE))),
        Arguments.of("a number", "1".repeat(HUGE)),
        Arguments.of("open arrays", "[".repeat(HUGE)),
        Arguments.of("open objects", "{\"a\":".repeat(HUGE / 5)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hugeEvents")
  @Timeout(60)
  void theLargestEventIsRefusedWithAShortMessageAndLittleMemory(String of, String event) {
    byte[] bytes = utf8(event);
    long before = THREADS.getCurrentThreadAllocatedBytes();

    Throwable refused = catchThrowable(() -> handle(bytes));

    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    System.out.printf(
        "%s: %,d bytes, %,d allocated, %.1f times%n",
        of, bytes.length, allocated, (double) allocated / bytes.length);
    assertThat(refused).isInstanceOf(RefusedEventException.class);
    assertThat(refused.getMessage()).hasSizeLessThan(4_000);
    assertThat(allocated).isBetween(1L, MOST_ALLOCATED * bytes.length);
  }

  private String handle(GuardHandler by, byte[] event) throws IOException {
    return HandlerRig.handle(by, event, context);
  }

  @Test
  @Timeout(120)
  void betweenHostileEventsEachGoodOneGetsItsOwnReport() throws Exception {
    List<String> good =
        List.of("scheduled.json", "scheduler.json", "direct.json", "direct-audit.json");
    HostileEvents hostile = new HostileEvents(SEED, samples());
    Map<String, Integer> outcomes = new TreeMap<>();
    try (HandlerRig rig = new HandlerRig(Duration.ofMillis(100))) {
      EmbeddedIam iam = rig.iam();
      RightRole.addTo(iam.account());
      // CloudFormation's own addresses are the only ones.
      rig.environment().clear();
      GuardHandler right = rig.handler();
      for (int i = 0; i < AMID_GOOD_ONES; i++) {
        try {
          assertThat(handle(right, hostile.next())).startsWith("{\"status\":\"COMPLIANT\",");
          outcomes.merge("served", 1, Integer::sum);
        } catch (RefusedEventException refused) {
          assertThat(refused.getMessage()).hasSizeLessThan(4_000);
          outcomes.merge("refused", 1, Integer::sum);
        }
        if (i % 10 == 0) {
          String name = good.get(i / 10 % good.size());
          iam.forgetCalls();
          assertThat(handle(right, Files.readAllBytes(Path.of("events", name))))
              .startsWith(
                  "{\"status\":\"COMPLIANT\",\"mode\":\"%s\",\"counts\":{\"COMPLIANT\":1,"
                      .formatted(name.equals("direct-audit.json") ? "Audit" : "Repair"))
              .contains("\"roleArn\":\"arn:aws:iam::123456789012:role/NodeInstanceRole\"");
          assertThat(iam.calls()).hasSize(4);
          assertThat(iam.writes()).isEmpty();
        }
      }
      assertThat(iam.account().roles()).hasSize(1);
    }
    System.out.println(outcomes);
    assertThat(outcomes.get("refused")).isGreaterThan(AMID_GOOD_ONES / 2);
  }

  /** Strict, and otherwise without any idea of what the function serves. */
  private static final JsonMapper ANOTHER_READER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static JsonNode read(byte[] event) {
    try {
      // As characters: of bytes, it would guess the encoding.
      return ANOTHER_READER.readTree(
          new InputStreamReader(
              new ByteArrayInputStream(event), StandardCharsets.UTF_8.newDecoder()));
    } catch (IOException malformed) {
      return MissingNode.getInstance();
    }
  }

  private static boolean canBeAnswered(JsonNode event) {
    return event.has("RequestType")
        && Stream.of("ResponseURL", "StackId", "RequestId", "LogicalResourceId")
            .allMatch(name -> event.path(name).isTextual() && !event.path(name).asText().isEmpty());
  }

  @Test
  @Timeout(120)
  void hostileEventsDoNotDisturbResponsesToCloudFormation() throws Exception {
    Map<String, Integer> outcomes = new TreeMap<>();
    try (HandlerRig rig = new HandlerRig(Duration.ofMillis(100))) {
      CloudFormationReceiver receiver = rig.receiver();
      RightRole.addTo(rig.iam().account());
      GuardHandler right = rig.handler();
      String url = receiver.responseUrl().toString();
      List<String> requests = new ArrayList<>();
      for (String type : List.of("create", "update", "delete")) {
        requests.add(rig.request("cfn-" + type + ".json"));
      }
      HostileEvents hostile = new HostileEvents(SEED, requests);
      int answered = 0;
      for (int i = 0; i < AMID_GOOD_ONES; i++) {
        boolean isGood = i % 10 == 0;
        byte[] event = isGood ? utf8(requests.getFirst()) : hostile.next();
        JsonNode request = read(event);
        if (request.path("ResponseURL").isTextual()
            && !request.path("ResponseURL").asText().equals(url)) {
          // Which other addresses are called is ResponseUrlTest's.
          continue;
        }
        String outcome;
        try {
          handle(right, event);
          outcome = "answered";
          answered++;
        } catch (RefusedEventException refused) {
          outcome = "refused";
        }
        outcomes.merge(outcome, 1, Integer::sum);
        assertThat(outcome)
            .as(() -> new String(event, StandardCharsets.US_ASCII).replaceAll("[^ -~\n]", "?"))
            .isEqualTo(canBeAnswered(request) ? "answered" : "refused");
        assertThat(receiver.requests()).hasSize(answered);
        if (outcome.equals("answered")) {
          CloudFormationReceiver.Request put = receiver.requests().getLast();
          assertThat(put.accepted()).isTrue();
          JsonNode answer = ANOTHER_READER.readTree(put.body());
          // Half a surrogate pair, which JSON can name, has no UTF-8.
          assertThat(utf8(answer.path("RequestId").asText()))
              .isEqualTo(utf8(request.path("RequestId").asText()));
          assertThat(answer.path("Status").asText()).isIn("SUCCESS", "FAILED");
          outcomes.merge(answer.path("Status").asText(), 1, Integer::sum);
          if (isGood) {
            assertThat(answer.path("Status").asText()).isEqualTo("SUCCESS");
            assertThat(answer.path("Data").path("Status").asText()).isEqualTo("COMPLIANT");
          }
        }
      }
    }
    System.out.println(outcomes);
    assertThat(outcomes).containsOnlyKeys("answered", "refused", "SUCCESS", "FAILED");
    assertThat(outcomes.get("FAILED")).isGreaterThan(AMID_GOOD_ONES / 100);
  }
}
