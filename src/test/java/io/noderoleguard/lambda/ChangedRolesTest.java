package io.noderoleguard.lambda;

import static io.noderoleguard.rig.TrailEvents.batch;
import static io.noderoleguard.rig.TrailEvents.detail;
import static io.noderoleguard.rig.TrailEvents.like;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noderoleguard.event.RefusedEventException;
import io.noderoleguard.local.iam.Call;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.rig.HandlerRig;
import io.noderoleguard.rig.TrailEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that CloudTrail saw, through the function's own handler. */
final class ChangedRolesTest {

  private static final String NAME = "NodeInstanceRole";
  private static final String CNI = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy";
  private static final String ALL_DONE = "{\"batchItemFailures\":[]}";

  private final HandlerRig rig = new HandlerRig(Duration.ofSeconds(1));
  private final EmbeddedIam iam = rig.iam();

  @AfterEach
  void close() {
    rig.close();
  }

  private JsonNode report(ObjectNode event) throws IOException {
    return new ObjectMapper().readTree(rig.handle(event.toString()));
  }

  private static String failures(String... ids) {
    return Stream.of(ids)
        .map("{\"itemIdentifier\":\"%s\"}"::formatted)
        .collect(Collectors.joining(",", "{\"batchItemFailures\":[", "]}"));
  }

  private Set<String> rolesRead() {
    return iam.calls().stream()
        .filter(call -> call.action().equals("GetRole"))
        .map(call -> call.parameters().get("RoleName"))
        .collect(Collectors.toSet());
  }

  private static ObjectNode at(ObjectNode event, Instant time) {
    detail(event).put("eventTime", time.truncatedTo(ChronoUnit.SECONDS).toString());
    return event;
  }

  static List<String> recorded() throws IOException {
    return TrailEvents.recorded();
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void eachRecordedEventIsServedAloneAndInAMessage(String name) throws Exception {
    RightRole.addTo(iam.account());
    ObjectNode event = TrailEvents.recorded(name);
    // A refused call changed nothing.
    boolean isEffective = !detail(event).has("errorCode");

    JsonNode report = report(event);

    assertThat(report.path("status").asText()).isEqualTo("COMPLIANT");
    assertThat(report.path("roles")).hasSize(isEffective ? 1 : 0);
    assertThat(report.path("cause").path("type").asText()).isEqualTo("RoleChanged");
    assertThat(report.path("cause").path("action")).isEqualTo(detail(event).path("eventName"));
    assertThat(report.path("cause").path("at")).isEqualTo(event.path("time"));
    assertThat(report.path("cause").path("eventId")).isEqualTo(detail(event).path("eventID"));
    assertThat(report.path("cause").path("by"))
        .isEqualTo(detail(event).path("userIdentity").path("arn"));
    assertThat(report.path("cause").path("from")).isEqualTo(detail(event).path("sourceIPAddress"));
    assertThat(iam.calls()).hasSize(isEffective ? 4 : 0);

    assertThat(rig.handle(batch(List.of(event.toString())))).isEqualTo(ALL_DONE);
    assertThat(iam.calls()).hasSize(isEffective ? 8 : 0);
    assertThat(iam.writes()).isEmpty();
    assertThat(rig.trail().lookups()).isEmpty();
  }

  static Stream<Arguments> siblings() {
    return Stream.of(
            // What a call may be about besides the role
            List.of("AttachRolePolicy", "policyArn", CNI),
            List.of("DetachRolePolicy", "policyArn", CNI),
            List.of("PutRolePolicy", "policyName", "x", "policyDocument", "{}"),
            List.of("DeleteRolePolicy", "policyName", "x"),
            List.of("UpdateAssumeRolePolicy", "policyDocument", "{}"),
            List.of("CreateRole", "path", "/", "assumeRolePolicyDocument", "{}"),
            List.of("DeleteRole"),
            List.of("UpdateRole", "description", "x"),
            List.of("UpdateRoleDescription", "description", "x"),
            List.of("TagRole"),
            List.of("UntagRole"),
            List.of("PutRolePermissionsBoundary", "permissionsBoundary", CNI),
            List.of("DeleteRolePermissionsBoundary"),
            List.of("AddRoleToInstanceProfile", "instanceProfileName", "any"),
            List.of("RemoveRoleFromInstanceProfile", "instanceProfileName", "any"))
        .map(call -> arguments(call.getFirst(), call.subList(1, call.size())));
  }

  @ParameterizedTest
  @MethodSource("siblings")
  void eachChangeOfARoleHasItCheckedAndThatOfAnotherTakesNoCall(
      String action, List<String> parameters) throws Exception {
    RightRole.addTo(iam.account());
    List<String> all = new ArrayList<>(List.of("roleName", NAME));
    all.addAll(parameters);

    assertThat(report(like(action, all.toArray(String[]::new))).path("roles")).hasSize(1);
    assertThat(rolesRead()).containsExactly(NAME);

    iam.forgetCalls();
    all.set(1, "Other");
    ObjectNode other = like(action, all.toArray(String[]::new));
    assertThat(report(other).path("roles")).isEmpty();
    assertThat(rig.handle(batch(List.of(other.toString())))).isEqualTo(ALL_DONE);
    assertThat(iam.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CreatePolicyVersion",
        "SetDefaultPolicyVersion",
        "DeletePolicyVersion",
        "DeletePolicy"
      })
  void aChangedPolicyHasTheRolesCheckedThatNeedIt(String action) throws Exception {
    RightRole.addTo(iam.account());
    RightRole.addTo(iam.account(), "eks-nodes");
    rig.environment().put("ROLE_NAMES", NAME + ",eks-*");

    assertThat(report(like(action, "policyArn", CNI)).path("counts").path("COMPLIANT").asInt())
        .isEqualTo(2);

    iam.forgetCalls();
    assertThat(report(like(action, "policyArn", CNI + "x")).path("roles")).isEmpty();
    assertThat(iam.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CreateInstanceProfile", "DeleteInstanceProfile"})
  void aProfileIsThatOfTheRoleOfItsNameOrMayBeThatOfEachNamedRole(String action) throws Exception {
    for (String role : List.of("First", "Second", "eks-nodes")) {
      RightRole.addTo(iam.account(), role);
    }
    rig.environment().put("ROLE_NAMES", "First,Second,eks-*");

    report(like(action, "instanceProfileName", "Second"));
    assertThat(rolesRead()).containsExactly("Second");

    iam.forgetCalls();
    report(like(action, "instanceProfileName", "eks-nodes"));
    assertThat(rolesRead()).containsExactly("eks-nodes");

    iam.forgetCalls();
    report(like(action, "instanceProfileName", "any"));
    assertThat(rolesRead()).containsExactlyInAnyOrder("First", "Second");

    iam.forgetCalls();
    rig.environment().put("INSTANCE_PROFILE", "Ignore");
    report(like(action, "instanceProfileName", "Second"));
    assertThat(iam.calls()).isEmpty();
  }

  @Test
  void theMessageSaysWhoDidWhatAndWhenItWasUndone() throws Exception {
    RightRole.addTo(iam.account());
    iam.account().detachRolePolicy(NAME, CNI);
    Instant time = Instant.now().minusSeconds(74).truncatedTo(ChronoUnit.SECONDS);

    JsonNode report = report(at(TrailEvents.detached(), time));

    assertThat(report.path("summary").asText().replaceFirst("7[4-9] s later", "74 s later"))
        .startsWith(
            ("NodeInstanceRole is REPAIRED. AmazonEKS_CNI_Policy was detached at %s by"
                    + " arn:aws:iam::123456789012:user/alice (Terraform, 203.0.113.10); attached"
                    + " again 74 s later. ")
                .formatted(
                    time.toString().startsWith(Instant.now().toString().substring(0, 10))
                        ? time.toString().substring(11)
                        : time));
    assertThat(report.path("cause").toString())
        .isEqualTo(
            ("{\"type\":\"RoleChanged\",\"action\":\"DetachRolePolicy\",\"at\":\"%s\","
                    + "\"by\":\"arn:aws:iam::123456789012:user/alice\",\"with\":\"Terraform\","
                    + "\"from\":\"203.0.113.10\","
                    + "\"eventId\":\"3bc977cf-6b1c-485b-8157-b9ace36c69cf\"}")
                .formatted(time));
    assertThat(report.at("/roles/0/changedBy/by").asText())
        .isEqualTo("arn:aws:iam::123456789012:user/alice");
  }

  @Test
  void anEventIsAHintAndNothingInItIsWritten() throws Exception {
    RightRole.addTo(iam.account());
    ObjectNode event = TrailEvents.detached();

    assertThat(report(event).path("status").asText()).isEqualTo("COMPLIANT");

    assertThat(iam.writes()).isEmpty();
  }

  @Test
  void anEventWithoutWhoOrWhenIsServed() throws Exception {
    RightRole.addTo(iam.account());
    iam.account().detachRolePolicy(NAME, CNI);
    String event =
        Files.readString(
            Path.of("src", "test", "resources", "cases", "event-cloudtrail-detach.json"));

    JsonNode report = new ObjectMapper().readTree(rig.handle(event));

    assertThat(report.path("status").asText()).isEqualTo("REPAIRED");
    assertThat(report.path("cause").toString())
        .isEqualTo(
            "{\"type\":\"RoleChanged\",\"action\":\"DetachRolePolicy\","
                + "\"at\":\"2026-11-25T10:00:00Z\"}");
    assertThat(report.path("summary").asText())
        .contains("AmazonEKS_CNI_Policy was detached at ", " by someone");
  }

  @Test
  void manyEventsOfOneRoleAreOneCheckAndTheOneThatExplainsItIsNamed() throws Exception {
    RightRole.addTo(iam.account());
    iam.account().detachRolePolicy(NAME, CNI);
    ObjectNode tag = at(like("TagRole", "roleName", NAME), Instant.now());
    ((ObjectNode) detail(tag).path("userIdentity")).put("arn", "arn:aws:iam::1:user/tagger");
    String detached = at(TrailEvents.detached(), Instant.now().minusSeconds(60)).toString();

    String response = rig.handle(batch(List.of(tag.toString(), detached, detached)));

    assertThat(response).isEqualTo(ALL_DONE);
    // Once before and once after
    assertThat(iam.calls().stream().filter(call -> call.action().equals("GetRole"))).hasSize(2);
    assertThat(iam.writes()).extracting(Call::action).containsExactly("AttachRolePolicy");
  }

  @Test
  void theRolesOfABatchAreCheckedOnceEachAndOnlyTheMessagesOfAFailedOneComeAgain()
      throws Exception {
    rig.environment().put("ROLE_NAMES", "First,Second,Third");
    RightRole.addTo(iam.account(), "First");
    RightRole.addTo(iam.account(), "Third");
    iam.faults().always("CreateRole", new Fault.Denied());

    String response =
        rig.handle(
            batch(
                List.of(
                    like("TagRole", "roleName", "First").toString(),
                    like("DeleteRole", "roleName", "Second").toString(),
                    "no JSON",
                    like("TagRole", "roleName", "Third").toString(),
                    like("UntagRole", "roleName", "Second").toString(),
                    like("DeleteRole", "roleName", "Unguarded").toString())));

    assertThat(response).isEqualTo(failures("m3", "m2", "m5"));
    assertThat(rolesRead()).containsExactlyInAnyOrder("First", "Second", "Third");
  }

  @Test
  void aBatchOfWhichNothingCanBeServedIsAnswered() throws Exception {
    ObjectNode numbered = TrailEvents.detached();
    detail(numbered).withObject("requestParameters").put("roleName", 1);
    ObjectNode foreign = TrailEvents.detached().put("source", "aws.ec2");

    assertThat(
            rig.handle(
                batch(List.of("", "[]", "{}", numbered.toString(), foreign.toString(), "\u0000"))))
        .isEqualTo(failures("m1", "m2", "m3", "m4", "m5", "m6"));
    assertThat(iam.calls()).isEmpty();
  }

  @Test
  void aRoleThatIsFailedAfterAnEventByItselfEndsTheInvocation() {
    iam.faults().always("CreateRole", new Fault.Denied());

    assertThatThrownBy(() -> rig.handle(like("DeleteRole", "roleName", NAME).toString()))
        .isInstanceOf(CheckFailedException.class)
        .hasMessageContaining("iam:CreateRole");
  }

  @Test
  void afterAFailedReadingOfTheAccountEveryMessageComesAgain() throws Exception {
    rig.environment().put("ROLE_NAMES", NAME + ",eks-*");
    iam.faults().always("GetAccountAuthorizationDetails", new Fault.Denied());

    assertThat(
            rig.handle(
                batch(
                    List.of(
                        like("DeletePolicy", "policyArn", CNI).toString(),
                        TrailEvents.detached().toString()))))
        .isEqualTo(failures("m1", "m2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "team/NodeInstanceRole",
        "NodeInstanceRole\n",
        "NodeInstanceRole\u0000",
        "*",
        "Node*",
        "",
        " NodeInstanceRole",
        "N\u043edeInstanceRole"
      })
  void aNameThatIsNoGuardedRolesIsDropped(String name) throws Exception {
    RightRole.addTo(iam.account());

    // Cleaned, some of these are the role's name: one check too many does no harm.
    JsonNode report = report(like("DeleteRole", "roleName", name));

    assertThat(report.path("status").asText()).isEqualTo("COMPLIANT");
    assertThat(iam.writes()).isEmpty();
  }

  @Test
  void inAnAuditAChangedRoleIsReportedWithWhoItWas() throws Exception {
    rig.environment().put("MODE", "Audit");
    RightRole.addTo(iam.account());
    iam.account().detachRolePolicy(NAME, CNI);

    JsonNode report = report(TrailEvents.detached());

    assertThat(report.path("summary").asText())
        .contains(
            "NodeInstanceRole is DRIFTED. AmazonEKS_CNI_Policy was detached at 2023-07-10T12:08:00Z"
                + " by arn:aws:iam::123456789012:user/alice (Terraform, 203.0.113.10). ")
        .doesNotContain("later");
    assertThat(iam.writes()).isEmpty();
  }

  @Test
  void anEnormousMessageIsRefusedAlone() throws Exception {
    RightRole.addTo(iam.account());

    assertThat(
            rig.handle(
                batch(
                    List.of(
                        "\"%s\"".formatted("x".repeat(3 << 20)),
                        TrailEvents.detached().toString()))))
        .isEqualTo(failures("m1"));
    assertThat(rolesRead()).containsExactly(NAME);
  }

  @Test
  void aRecordOfAnotherServiceIsRefused() {
    assertThatThrownBy(
            () -> rig.handle(batch(List.of("{}")).replace("\"aws:sqs\"", "\"aws:kinesis\"")))
        .isInstanceOf(RefusedEventException.class)
        .hasMessageContaining("not from SQS");
    assertThat(iam.calls()).isEmpty();
  }
}
