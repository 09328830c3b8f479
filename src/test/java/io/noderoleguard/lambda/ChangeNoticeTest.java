package io.noderoleguard.lambda;

import static io.noderoleguard.rig.TrailEvents.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.rig.HandlerRig;
import io.noderoleguard.rig.TrailEvents;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a check is put on the event bus by the function itself. */
final class ChangeNoticeTest {

  private static final String NAME = "NodeInstanceRole";
  private static final String CNI = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy";
  private static final String ALL_DONE = "{\"batchItemFailures\":[]}";

  private final HandlerRig rig = new HandlerRig(Duration.ofSeconds(1));
  private final EmbeddedIam iam = rig.iam();

  @AfterEach
  void close() {
    rig.close();
  }

  private void drift() {
    RightRole.addTo(iam.account());
    iam.account().detachRolePolicy(NAME, CNI);
  }

  private static String queued() throws Exception {
    return batch(List.of(TrailEvents.detached().toString(), TrailEvents.detached().toString()));
  }

  private JsonNode sent() {
    assertThat(rig.bus().calls()).isEqualTo(1);
    assertThat(rig.bus().events()).hasSize(1);
    return rig.bus().events().getFirst();
  }

  @Test
  void aRepairIsSentOnceInTheShapeOfLambdasOwnOutcomes() throws Exception {
    drift();

    assertThat(rig.handle(queued())).isEqualTo(ALL_DONE);

    JsonNode event = sent();
    assertThat(event.path("source").asText()).isEqualTo("lambda");
    assertThat(event.path("detail-type").asText())
        .isEqualTo("Lambda Function Invocation Result - Success");
    assertThat(event.path("resources").toString())
        .isEqualTo("[\"" + HandlerRig.FUNCTION_ARN + "\"]");
    JsonNode detail = event.path("detail");
    assertThat(detail.at("/requestContext/functionArn").asText())
        .isEqualTo(HandlerRig.FUNCTION_ARN);
    assertThat(detail.at("/requestContext/requestId").asText())
        .isEqualTo("11111111-2222-3333-4444-555555555555");
    assertThat(detail.has("requestPayload")).isFalse();
    assertThat(detail.at("/responsePayload/status").asText()).isEqualTo("REPAIRED");
    assertThat(detail.at("/responsePayload/cause/type").asText()).isEqualTo("RoleChanged");
    assertThat(detail.at("/responsePayload/summary").asText())
        .startsWith("NodeInstanceRole is REPAIRED. AmazonEKS_CNI_Policy was detached at ");

    // SQS delivers at least once: the second time nothing differs.
    assertThat(rig.handle(queued())).isEqualTo(ALL_DONE);
    assertThat(rig.bus().calls()).isEqualTo(1);
  }

  @Test
  void whatWasLeftAloneIsSent() throws Exception {
    drift();
    rig.environment().put("MODE", "Audit");

    assertThat(rig.handle(queued())).isEqualTo(ALL_DONE);

    assertThat(sent().at("/detail/responsePayload/status").asText()).isEqualTo("DRIFTED");
  }

  @Test
  void aFailureIsSentAndTheMessagesStayInTheQueue() throws Exception {
    drift();
    iam.faults().always("AttachRolePolicy", new Fault.Denied());

    assertThat(rig.handle(queued()))
        .isEqualTo(
            "{\"batchItemFailures\":[{\"itemIdentifier\":\"m1\"},{\"itemIdentifier\":\"m2\"}]}");

    assertThat(sent().at("/detail/responsePayload/status").asText()).isEqualTo("FAILED");
  }

  @Test
  void ofACompliantRoleAndOfWhatIsNotGuardedNothingIsSent() throws Exception {
    RightRole.addTo(iam.account());

    assertThat(rig.handle(queued())).isEqualTo(ALL_DONE);
    assertThat(
            rig.handle(
                batch(
                    List.of(
                        TrailEvents.like("TagRole", "roleName", "Unguarded").toString(), "{}"))))
        .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"m2\"}]}");

    assertThat(rig.bus().calls()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"scheduled.json", "scheduler.json", "direct.json", "cfn-create.json", "changed"})
  void whatSomebodyElseReportsIsNotSentASecondTime(String name) throws Exception {
    drift();
    String event =
        switch (name) {
          case "changed" -> TrailEvents.detached().toString();
          case "cfn-create.json" -> rig.request(name);
          default -> HandlerRig.sample(name);
        };

    assertThat(rig.handle(event)).contains("\"status\":\"REPAIRED\"");

    assertThat(rig.bus().calls()).isZero();
  }

  @Test
  void wrongSettingsAreAnErrorOfTheInvocationAndSendNothing() {
    rig.environment().put("MODE", "wrong");

    assertThatThrownBy(() -> rig.handle(queued())).hasMessageContaining("MODE");

    assertThat(rig.bus().calls()).isZero();
  }
}
