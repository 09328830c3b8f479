package io.noderoleguard.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noderoleguard.local.cloudtrail.Actor;
import io.noderoleguard.local.cloudtrail.EmbeddedTrail;
import io.noderoleguard.local.events.EmbeddedBus;
import io.noderoleguard.local.http.HttpReply;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.local.lambda.FunctionOptions;
import io.noderoleguard.local.lambda.LocalLambda;
import io.noderoleguard.rig.HandlerRig;
import io.noderoleguard.rig.TrailEvents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes that CloudTrail saw, under the real runtime interface client. */
final class PackagedChangesTest {

  private static final String NAME = "NodeInstanceRole";
  private static final String CNI = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final EmbeddedIam iam = EmbeddedIam.start();
  private final EmbeddedTrail trail = EmbeddedTrail.start();
  private final EmbeddedBus bus = EmbeddedBus.start();
  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "AWS_ENDPOINT_URL_IAM", iam.endpoint().toString(),
              "AWS_ENDPOINT_URL_CLOUDTRAIL", trail.endpoint().toString(),
              "AWS_ENDPOINT_URL_EVENTBRIDGE", bus.endpoint().toString(),
              "GUARD_ROLE_ARN", HandlerRig.ROLE_ARN));

  @BeforeEach
  void arrange() {
    trail.actor("local", Actor.session("guard/guard-role", "guard", "", "192.0.2.1"));
    iam.onWrite((call, accessKeyId) -> trail.record(call.action(), call.parameters(), accessKeyId));
    RightRole.addTo(iam.account());
  }

  @AfterEach
  void close() {
    iam.close();
    trail.close();
    bus.close();
  }

  private LocalLambda function(String... jvmOptions) throws Exception {
    return LocalLambda.start(new FunctionOptions().environment(environment).jvmOptions(jvmOptions));
  }

  private static JsonNode line(String log, String field) throws Exception {
    for (String line : log.lines().toList()) {
      if (line.startsWith("{") && line.contains("\"" + field + "\"")) {
        return new ObjectMapper().readTree(line);
      }
    }
    throw new AssertionError("no line with " + field + " in " + log);
  }

  private void detach() {
    iam.account().detachRolePolicy(NAME, CNI);
    trail.add(
        "DetachRolePolicy",
        TrailEvents.requestParameters(NAME, CNI),
        Actor.session("ci", "build-7", "Terraform/1.9", "203.0.113.10"),
        Instant.now());
  }

  @Test
  void everyRecordedEventIsServedAloneAndAllOfThemInABatchWithABrokenOne() throws Exception {
    try (LocalLambda lambda = function()) {
      List<String> all = new ArrayList<>();
      for (String name : TrailEvents.recorded()) {
        String event = TrailEvents.recorded(name).toString();
        all.add(event);
        assertThat(lambda.invoke(event).body())
            .contains("\"status\":\"COMPLIANT\"", "\"cause\":{\"type\":\"RoleChanged\"");
      }
      all.add("{");
      iam.forgetCalls();

      assertThat(lambda.invoke(TrailEvents.batch(all)).body())
          .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"m10\"}]}");

      assertThat(iam.calls()).hasSize(4);
      JsonNode line = line(lambda.awaitLog("The message m10", LIMIT), "level\":\"ERROR");
      assertThat(line.path("message").asText()).contains("The message m10", "not valid JSON");
    }
  }

  @Test
  void whoChangedTheRoleAndHowLongItTookAreInTheLog() throws Exception {
    try (LocalLambda lambda = function()) {
      detach();
      assertThat(lambda.invoke(TrailEvents.batch(List.of(trail.lastEvent().toString()))).body())
          .isEqualTo("{\"batchItemFailures\":[]}");

      JsonNode line = line(lambda.awaitLog("NodeInstanceRole is REPAIRED", LIMIT), "changed_by");
      assertThat(line.path("role").asText()).isEqualTo(NAME);
      assertThat(line.path("changed_by").asText())
          .isEqualTo("arn:aws:sts::123456789012:assumed-role/ci/build-7");
      assertThat(Instant.parse(line.path("changed_at").asText())).isBefore(Instant.now());
      assertThat(line.path("change_action").asText()).isEqualTo("DetachRolePolicy");
      assertThat(line.path("repair_delay_ms").isIntegralNumber()).isTrue();
      assertThat(line.path("repair_delay_ms").asLong()).isBetween(1L, 60_000L);
      assertThat(line.has("repeated_repairs")).isFalse();
      assertThat(bus.events())
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.path("region").asText()).isEqualTo("eu-central-1");
                assertThat(event.at("/detail/responsePayload/summary").asText())
                    .isEqualTo(
                        line(lambda.awaitLog("\"status\":\"REPAIRED\"", LIMIT), "status")
                            .path("message")
                            .asText());
              });
    }
  }

  static Stream<Arguments> troubles() {
    return Stream.of(
        Arguments.of("AccessDeniedException: no", error(400, "AccessDeniedException", "no")),
        Arguments.of("ThrottlingException: slow", error(400, "ThrottlingException", "slow")),
        Arguments.of("InternalFailure: oops", error(500, "InternalFailure", "oops")),
        Arguments.of(
            "InternalException: one",
            answer(
                200,
                """
                {"FailedEntryCount":1,
                 "Entries":[{"ErrorCode":"InternalException","ErrorMessage":"one"}]}""")),
        Arguments.of("does not say what became", answer(200, "{\"Entries\":[]}")),
        Arguments.of("no JSON object", answer(200, "<html></html>")),
        Arguments.of("SocketTimeoutException", new HttpReply.Silence()),
        Arguments.of("events:PutEvents", new HttpReply.Reset()));
  }

  private static HttpReply error(int status, String type, String message) {
    return answer(status, "{\"__type\":\"%s\",\"message\":\"%s\"}".formatted(type, message));
  }

  private static HttpReply answer(int status, String body) {
    return new HttpReply.Answer(status, "application/x-amz-json-1.1", body);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("troubles")
  void whatCannotBeSentIsInTheLogAndTheAnswerIsTheSame(String cause, HttpReply reply)
      throws Exception {
    bus.answering(_ -> reply);
    try (LocalLambda lambda = function()) {
      detach();
      long start = System.nanoTime();
      assertThat(lambda.invoke(TrailEvents.batch(List.of(trail.lastEvent().toString()))).body())
          .isEqualTo("{\"batchItemFailures\":[]}");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));

      JsonNode line = line(lambda.awaitLog("\"unsent\"", LIMIT), "unsent");
      assertThat(line.path("unsent").asText()).isEqualTo("REPAIRED");
      assertThat(line.path("level").asText()).isEqualTo("ERROR");
      assertThat(line.path("message").asText())
          .contains(cause, "NodeInstanceRole is REPAIRED. AmazonEKS_CNI_Policy was detached at");
    }
    assertThat(bus.calls()).isPositive();
  }

  @Test
  void whatGotNoResponseIsSentAgain() throws Exception {
    AtomicBoolean isFirst = new AtomicBoolean(true);
    bus.answering(good -> isFirst.getAndSet(false) ? new HttpReply.Reset() : good);
    try (LocalLambda lambda = function()) {
      detach();
      assertThat(lambda.invoke(TrailEvents.batch(List.of(trail.lastEvent().toString()))).body())
          .isEqualTo("{\"batchItemFailures\":[]}");
      assertThat(lambda.awaitLog("\"status\":\"REPAIRED\"", LIMIT)).doesNotContain("unsent");
    }
    assertThat(bus.calls()).isEqualTo(2);
  }

  @Test
  void whoeverNamesAnotherIamGetsNothingOnABus() throws Exception {
    environment.remove("AWS_ENDPOINT_URL_EVENTBRIDGE");
    try (LocalLambda lambda = function()) {
      detach();
      assertThat(lambda.invoke(TrailEvents.batch(List.of(trail.lastEvent().toString()))).body())
          .isEqualTo("{\"batchItemFailures\":[]}");
      assertThat(lambda.awaitLog("\"status\":\"REPAIRED\"", LIMIT)).doesNotContain("unsent");
    }
    assertThat(bus.calls()).isZero();
  }

  @Test
  void aFightIsInTheLogAsANumber() throws Exception {
    try (LocalLambda lambda = function()) {
      for (int time = 1; time <= 3; time++) {
        detach();
        assertThat(lambda.invoke(HandlerRig.sample("scheduled.json")).body()).contains("REPAIRED");
        trail.pass(Duration.ofMinutes(10));
      }

      JsonNode line = line(lambda.awaitLog("It was repaired 3 times", LIMIT), "repeated_repairs");
      assertThat(line.path("repeated_repairs").isIntegralNumber()).isTrue();
      assertThat(line.path("repeated_repairs").asInt()).isEqualTo(3);
      assertThat(line.has("repair_delay_ms")).isFalse();
      assertThat(iam.account().getRole(NAME).name()).isEqualTo(NAME);
    }
  }

  @Test
  void whoeverNamesAnotherIamAsksNoHistory() throws Exception {
    environment.remove("AWS_ENDPOINT_URL_CLOUDTRAIL");
    detach();
    try (LocalLambda lambda = function()) {
      assertThat(lambda.invoke("{}").body()).contains("REPAIRED").doesNotContain("build-7");
    }
    assertThat(trail.lookups()).isEmpty();
  }

  @Test
  void whyNobodyIsNamedIsInTheLog() throws Exception {
    trail.refusing("AccessDeniedException", "not authorized");
    detach();
    try (LocalLambda lambda = function()) {
      assertThat(lambda.invoke("{}").body()).contains("REPAIRED").doesNotContain("build-7");
      assertThat(lambda.awaitLog("NodeInstanceRole is REPAIRED", LIMIT))
          .contains(
              "It is not known who changed NodeInstanceRole: cloudtrail:LookupEvents for resource"
                  + " NodeInstanceRole failed: AccessDeniedException: not authorized");
    }
  }

  @Test
  void theRegionOfIamsEventsIsTheOwnersToSay() throws Exception {
    detach();
    try (LocalLambda lambda = function()) {
      assertThat(lambda.invoke("{}").body()).contains("build-7");
    }
    assertThat(trail.region()).isEqualTo("us-east-1");

    environment.put("IAM_EVENTS_REGION", "us-gov-east-1");
    detach();
    try (LocalLambda lambda = function()) {
      assertThat(lambda.invoke("{}").body()).contains("build-7");
    }
    assertThat(trail.region()).isEqualTo("us-gov-east-1");
  }

  @Test
  void explainDriftTurnsItOff() throws Exception {
    environment.put("EXPLAIN_DRIFT", "No");
    detach();
    try (LocalLambda lambda = function()) {
      assertThat(lambda.invoke("{}").body()).contains("REPAIRED").doesNotContain("build-7");
    }
    assertThat(trail.lookups()).isEmpty();
  }

  @Test
  void aCompliantNightLoadsNothingThatAsksAndMakesTheSameCalls(@TempDir Path folder)
      throws Exception {
    Path loaded = folder.resolve("classes");
    try (LocalLambda lambda = function("-Xlog:class+load:file=" + loaded)) {
      iam.forgetCalls();
      assertThat(lambda.invoke(HandlerRig.sample("scheduled.json")).body()).contains("COMPLIANT");
      assertThat(iam.calls()).hasSize(4);
      assertThat(ours(loaded)).isEmpty();
      assertThat(sending(loaded)).isEmpty();

      assertThat(lambda.invoke(HandlerRig.sample("role-changed-queue.json")).body())
          .isEqualTo("{\"batchItemFailures\":[]}");
      assertThat(sending(loaded)).isEmpty();

      detach();
      assertThat(lambda.invoke(HandlerRig.sample("scheduled.json")).body()).contains("build-7");
      // The test would see them.
      assertThat(ours(loaded)).isNotEmpty();
      assertThat(lambda.invoke("{}").body()).contains("COMPLIANT");
      detach();
      lambda.invoke(HandlerRig.sample("role-changed-queue.json"));
      assertThat(sending(loaded)).isNotEmpty();
    }
    assertThat(bus.calls()).isEqualTo(1);
  }

  /** What sends a report. */
  private static List<String> sending(Path loaded) throws Exception {
    return Files.readAllLines(loaded).stream()
        .filter(
            line -> line.contains("noderoleguard.eventbridge.") || line.contains("ChangeNotice"))
        .filter(line -> !line.matches(".*eventbridge\\.EventBus(\\$\\$Lambda\\S*)? .*"))
        .toList();
  }

  /** What asks CloudTrail, and what puts the answer to use. */
  private static List<String> ours(Path loaded) throws Exception {
    return Files.readAllLines(loaded).stream()
        .filter(
            line ->
                line.contains("noderoleguard.cloudtrail.")
                    || line.contains("noderoleguard.guard.Evidence")
                    || line.contains("noderoleguard.trail.Caller"))
        .filter(line -> !line.contains("cloudtrail.EventHistory"))
        .toList();
  }
}
