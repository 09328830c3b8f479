package io.noderoleguard.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noderoleguard.guard.Explainer;
import io.noderoleguard.local.cloudtrail.Actor;
import io.noderoleguard.local.cloudtrail.EmbeddedTrail;
import io.noderoleguard.local.http.HttpReply;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.rig.Guards;
import io.noderoleguard.rig.HandlerRig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What CloudTrail's event history adds to a report, and that it takes nothing from it. */
final class ExplainedDriftTest {

  private static final String NAME = "NodeInstanceRole";
  private static final String CNI = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy";
  private static final Actor CI =
      Actor.session("team/ci", "build-7", "Terraform/1.9 aws-sdk-go-v2/1.30", "203.0.113.10");
  private static final Actor OTHER = Actor.user("bob", "aws-cli/2.17", "203.0.113.11");
  private static final Actor GUARD = Actor.session("guard/guard-role", "guard", "", "192.0.2.1");

  private final HandlerRig rig = new HandlerRig(Duration.ofSeconds(1));
  private final EmbeddedIam iam = rig.iam();
  private final EmbeddedTrail trail = rig.trail();

  @AfterEach
  void close() {
    rig.close();
  }

  private static ObjectNode parameters(String policyArn) {
    return JsonNodeFactory.instance.objectNode().put("roleName", NAME).put("policyArn", policyArn);
  }

  private void detachedBy(Actor actor, Duration ago) {
    trail.add("DetachRolePolicy", parameters(CNI), actor, Instant.now().minus(ago));
  }

  private void attachedByTheGuard(Duration ago) {
    trail.add("AttachRolePolicy", parameters(CNI), GUARD, Instant.now().minus(ago));
  }

  private void drift() {
    RightRole.addTo(iam.account());
    iam.account().detachRolePolicy(NAME, CNI);
  }

  private JsonNode report(String event) throws IOException {
    return new ObjectMapper().readTree(rig.handle(event));
  }

  private String summary(String event) throws IOException {
    return report(event).path("summary").asText();
  }

  @ParameterizedTest
  @ValueSource(strings = {"scheduled.json", "direct.json", "cfn-create.json"})
  void whoeverChangedTheRoleIsLookedUp(String event) throws Exception {
    drift();
    detachedBy(OTHER, Duration.ofDays(3));
    detachedBy(CI, Duration.ofHours(5));
    trail.add("TagRole", parameters(CNI), OTHER, Instant.now());

    JsonNode report =
        report(event.startsWith("cfn") ? rig.request(event) : HandlerRig.sample(event));

    assertThat(report.path("summary").asText())
        .startsWith("NodeInstanceRole is REPAIRED. AmazonEKS_CNI_Policy was detached at ")
        .contains(
            " by arn:aws:sts::123456789012:assumed-role/ci/build-7 (Terraform, 203.0.113.10);"
                + " attached again 5 h later. ");
    assertThat(report.at("/roles/0/changedBy/action").asText()).isEqualTo("DetachRolePolicy");
    assertThat(trail.lookups())
        .singleElement()
        .hasToString(
            "{\"LookupAttributes\":[{\"AttributeKey\":\"ResourceName\","
                + "\"AttributeValue\":\"NodeInstanceRole\"}],\"MaxResults\":50}");
  }

  @Test
  void aDeletedRoleAndItsProfileAreExplained() throws Exception {
    ObjectNode role = JsonNodeFactory.instance.objectNode().put("roleName", NAME);
    trail.add("DeleteRole", role, CI, Instant.now().minusSeconds(600));

    assertThat(summary("{}"))
        .startsWith("NodeInstanceRole is REPAIRED. The role was deleted at ")
        .contains("; created again 10 min later.");

    trail.add(
        "DeleteInstanceProfile",
        JsonNodeFactory.instance.objectNode().put("instanceProfileName", NAME),
        OTHER,
        Instant.now());
    iam.account().removeRoleFromInstanceProfile(NAME, NAME);
    iam.account().deleteInstanceProfile(NAME);
    assertThat(summary("{}"))
        .contains(
            "The instance profile NodeInstanceRole was deleted at ",
            " by arn:aws:iam::123456789012:user/bob (AWS CLI, 203.0.113.11); created again ");
  }

  @Test
  void whatDoesNotExplainAFindingIsNotNamed() throws Exception {
    drift();
    trail.add("DetachRolePolicy", parameters(CNI + "2"), CI, Instant.now());
    trail.add("UpdateAssumeRolePolicy", parameters(CNI), CI, Instant.now());
    ObjectNode refused = trail.add("DetachRolePolicy", parameters(CNI), CI, Instant.now());
    refused.put("errorCode", "AccessDenied");
    ObjectNode read = trail.add("DetachRolePolicy", parameters(CNI), CI, Instant.now());
    read.put("readOnly", true);

    JsonNode report = report("{}");

    assertThat(report.path("summary").asText())
        .isEqualTo(
            "NodeInstanceRole is REPAIRED. The managed policy %1$s is not attached. Attached %1$s."
                .formatted(CNI));
    assertThat(report.at("/roles/0").has("changedBy")).isFalse();
  }

  @Test
  void aCompliantRunAsksNobody() throws Exception {
    RightRole.addTo(iam.account());
    detachedBy(CI, Duration.ofHours(1));

    assertThat(summary(HandlerRig.sample("scheduled.json"))).isEqualTo(NAME + " is COMPLIANT.");

    assertThat(trail.lookups()).isEmpty();
  }

  @Test
  void withoutAHistoryNobodyIsNamed() throws Exception {
    drift();
    detachedBy(CI, Duration.ofHours(1));

    String report =
        rig.handle(
            "{}",
            () ->
                Guards.at(
                    iam.endpoint(),
                    Guards.patience(Duration.ofSeconds(1)),
                    Explainer.WITHOUT_HISTORY),
            HandlerRig.FUNCTION_ARN,
            Duration.ofSeconds(30));

    assertThat(report).contains("REPAIRED").doesNotContain("build-7");
    assertThat(trail.lookups()).isEmpty();
  }

  @Test
  void theSameRepairForTheThirdTimeInADayIsCalledAFight() throws Exception {
    drift();
    attachedByTheGuard(Duration.ofHours(30));
    detachedBy(OTHER, Duration.ofHours(29));
    Instant first = Instant.now().minus(Duration.ofHours(3));
    attachedByTheGuard(Duration.ofHours(3));
    detachedBy(CI, Duration.ofHours(2));
    attachedByTheGuard(Duration.ofHours(1));
    detachedBy(CI, Duration.ofMinutes(2));

    assertThat(summary("{}"))
        .contains(
            "It was repaired 3 times since %s".formatted(first.toString().substring(0, 16)),
            "Z, and undone each time by arn:aws:sts::123456789012:assumed-role/ci/build-7"
                + " (Terraform, 203.0.113.10).")
        .doesNotContain("bob");
    assertThat(iam.writes()).hasSize(1);
  }

  @Test
  void twoRepairsInADayAndThoseOfOtherThingsOrByOthersAreNoFight() throws Exception {
    drift();
    attachedByTheGuard(Duration.ofHours(30));
    attachedByTheGuard(Duration.ofHours(3));
    for (int i = 1; i < 5; i++) {
      trail.add("AttachRolePolicy", parameters(CNI), OTHER, Instant.now().minusSeconds(i * 60L));
      trail.add(
          "AttachRolePolicy", parameters(CNI + "2"), GUARD, Instant.now().minusSeconds(i * 60L));
    }

    assertThat(summary("{}")).doesNotContain("times since");
  }

  @Test
  void aFightIsRecognizedFromWhatTheGuardItselfWasSeenToDo() throws Exception {
    RightRole.addTo(iam.account());
    String message = "";
    for (int night = 1; night <= 3; night++) {
      iam.account().detachRolePolicy(NAME, CNI);
      detachedBy(CI, Duration.ZERO);
      message = summary("{}");
      trail.pass(Duration.ofMinutes(10));
      assertThat(message.contains("It was repaired 3 times since ")).isEqualTo(night == 3);
    }
    assertThat(message).contains("build-7");
  }

  static Stream<Arguments> troubles() {
    return Stream.of(
        Arguments.of("throttled", refused("ThrottlingException", "Rate exceeded")),
        Arguments.of("denied", refused("AccessDeniedException", "not authorized")),
        Arguments.of("unknown", refused("com.amazonaws#InternalFailure", "")),
        Arguments.of("reset", reply(new HttpReply.Reset())),
        Arguments.of("silent", reply(new HttpReply.Silence())),
        Arguments.of("HTML", answer(200, "<html></html>")),
        Arguments.of("empty", answer(200, "")),
        Arguments.of("no events", answer(200, "{}")),
        Arguments.of("other JSON", answer(200, "[]")),
        Arguments.of("events of another form", answer(200, "{\"Events\":[1,{},null]}")),
        Arguments.of("no list", answer(200, "{\"Events\":1,\"NextToken\":1}")),
        Arguments.of("503", answer(503, "")),
        Arguments.of("endless", answer(200, "{\"Events\":[],\"NextToken\":\"x\"}")),
        Arguments.of(
            "half",
            (UnaryOperator<HttpReply>)
                good -> {
                  HttpReply.Answer whole = (HttpReply.Answer) good;
                  return new HttpReply.Answer(
                      200,
                      whole.contentType(),
                      whole.body().substring(0, whole.body().length() / 2));
                }));
  }

  private static UnaryOperator<HttpReply> refused(String type, String message) {
    return answer(400, "{\"__type\":\"%s\",\"message\":\"%s\"}".formatted(type, message));
  }

  private static UnaryOperator<HttpReply> answer(int status, String body) {
    return reply(new HttpReply.Answer(status, "application/x-amz-json-1.1", body));
  }

  private static UnaryOperator<HttpReply> reply(HttpReply reply) {
    return _ -> reply;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("troubles")
  void whateverCloudTrailAnswersTheReportIsTheSameWithoutWho(
      String name, UnaryOperator<HttpReply> answer) throws Exception {
    drift();
    detachedBy(CI, Duration.ofHours(1));
    trail.answering(answer);
    long start = System.nanoTime();

    JsonNode report = report(HandlerRig.sample("scheduled.json"));

    assertThat(report.path("status").asText()).isEqualTo("REPAIRED");
    assertThat(report.path("summary").asText())
        .isEqualTo(
            "NodeInstanceRole is REPAIRED. The managed policy %1$s is not attached. Attached %1$s."
                .formatted(CNI));
    assertThat(trail.lookups()).isNotEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void laterPagesOfTheLastDayAreRead() throws Exception {
    drift();
    detachedBy(CI, Duration.ofHours(23));
    for (int i = 0; i < 60; i++) {
      trail.add("TagRole", parameters(CNI), OTHER, Instant.now().minusSeconds(i));
    }

    assertThat(summary("{}")).contains("build-7");
    assertThat(trail.lookups()).hasSize(2);
  }

  @Test
  void ofOlderCallsOnlyTheFirstPageIsRead() throws Exception {
    drift();
    detachedBy(CI, Duration.ofDays(20));
    for (int i = 0; i < 60; i++) {
      trail.add(
          "TagRole", parameters(CNI), OTHER, Instant.now().minus(Duration.ofDays(1).plusHours(i)));
    }

    assertThat(summary("{}")).doesNotContain("build-7");
    assertThat(trail.lookups()).hasSize(1);
  }
}
