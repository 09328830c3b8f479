package io.noderoleguard.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noderoleguard.event.RefusedEventException;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver.Reaction;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver.Request;
import io.noderoleguard.local.iam.Call;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.Faults;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.rig.HandlerRig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What CloudFormation is answered, whatever happens. */
@Timeout(60)
final class CustomResourceTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ARN = HandlerRig.FUNCTION_ARN;

  private final HandlerRig rig = new HandlerRig(Duration.ofSeconds(5));
  private final EmbeddedIam iam = rig.iam();
  private final Map<String, String> environment = rig.environment();
  private final CloudFormationReceiver receiver = rig.receiver();

  @AfterEach
  void close() {
    rig.close();
  }

  private ObjectNode request(String type) throws IOException {
    return (ObjectNode) JSON.readTree(rig.request("cfn-" + type + ".json"));
  }

  private String handle(JsonNode event) throws IOException {
    return rig.handle(event.toString());
  }

  private String handle(
      JsonNode event, Supplier<NodeRoleGuard> guard, String functionArn, Duration time)
      throws IOException {
    return rig.handle(event.toString(), guard, functionArn, time);
  }

  /** The one answer that arrived. */
  private JsonNode answer() throws IOException {
    assertThat(receiver.requests()).hasSize(1);
    return JSON.readTree(receiver.requests().getFirst().body());
  }

  private void assertFailed(String... reasons) throws IOException {
    assertThat(answer().path("Status").asText()).isEqualTo("FAILED");
    assertThat(answer().path("Reason").asText()).contains(reasons);
    assertThat(answer().path("PhysicalResourceId").asText()).isNotEmpty();
  }

  static Stream<Arguments> thrown() {
    return Stream.of(
        // what the making of the guard throws, what the reason says of it
        arguments(new NoClassDefFoundError("some/Class"), "NoClassDefFoundError"),
        arguments(new ExceptionInInitializerError("init"), "ExceptionInInitializerError"),
        arguments(new StackOverflowError(), "StackOverflowError"),
        arguments(new OutOfMemoryError("Java heap space"), "Java heap space"),
        arguments(new IllegalStateException("no region"), "no region"),
        arguments(new AssertionError(), "AssertionError"));
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void whateverIsThrownIsAnsweredOnceAsFailed(Throwable thrown, String reason) throws Exception {
    assertThat(handle(request("create"), () -> sneak(thrown), ARN, Duration.ofSeconds(30)))
        .isEqualTo("{}");
    assertFailed("Unexpected: ", reason);
    assertThat(iam.calls()).isEmpty();
  }

  private static NodeRoleGuard sneak(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }

  @Test
  void anExceptionThatHoldsTheUrlIsReportedWithoutIt() throws Exception {
    String url = receiver.responseUrl().toString();

    handle(
        request("create"),
        () -> sneak(new IllegalStateException("cannot call " + url)),
        ARN,
        Duration.ofSeconds(30));

    assertFailed("cannot call (ResponseURL)");
    assertThat(answer().toString()).doesNotContain("X-Amz-Signature");
  }

  @Test
  void aFunctionArnThatIsNoneIsAnsweredAsFailed() throws Exception {
    handle(request("create"), rig::guard, "guard", Duration.ofSeconds(30));

    assertFailed("\"guard\" is not the ARN of a function");
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "update"})
  void anUnknownRequestTypeIsFailed(String sample) throws Exception {
    handle(request(sample).put("RequestType", "Replace"));

    assertFailed("RequestType: Replace is not known");
    assertThat(iam.calls()).isEmpty();
  }

  @Test
  void aRequestTypeThatIsNoStringIsFailed() throws Exception {
    handle(request("create").put("RequestType", 1));

    assertFailed("RequestType: a number is not known");
  }

  @Test
  void propertiesThatAreNoObjectAreFailed() throws Exception {
    handle(request("create").put("ResourceProperties", "x"));

    assertFailed("ResourceProperties: they are a string");
  }

  @Test
  void aFailedUpdateKeepsTheOldIdAndOneWithoutAnOldIdHasOneToo() throws Exception {
    iam.faults().always(Faults.ANY_ACTION, new Fault.Denied());

    handle(request("update"));
    assertFailed("AccessDenied", "iam:GetRole");
    assertThat(answer().path("PhysicalResourceId").asText()).isEqualTo("NodeInstanceRole");

    ObjectNode withoutId = request("update");
    withoutId.remove("PhysicalResourceId");
    handle(withoutId);
    assertThat(receiver.requests().getLast().body())
        .contains("\"PhysicalResourceId\":\"failed-NodeRole\"");
  }

  @Test
  void aDeleteSucceedsWithoutIamWhateverItIsOf() throws Exception {
    environment.put("MODE", "wrong");
    iam.faults().always(Faults.ANY_ACTION, new Fault.ConnectionReset());
    List<JsonNode> deletes =
        List.of(
            request("delete"),
            request("delete").put("PhysicalResourceId", "2026/01/15/[$LATEST]0123456789abcdef"),
            request("delete").put("PhysicalResourceId", "failed-NodeRole"),
            request("delete").put("ResourceProperties", "x"),
            request("delete").set("ResourceProperties", JSON.createObjectNode().put("Colour", 1)),
            request("delete").<ObjectNode>without("PhysicalResourceId"));
    for (JsonNode delete : deletes) {
      assertThat(
              handle(
                  delete,
                  () -> sneak(new NoClassDefFoundError()),
                  "no ARN",
                  Duration.ofSeconds(30)))
          .isEqualTo("{}");
      JsonNode answer = JSON.readTree(receiver.requests().getLast().body());
      assertThat(answer.path("Status").asText()).isEqualTo("SUCCESS");
      assertThat(answer.path("PhysicalResourceId").asText())
          .isEqualTo(delete.path("PhysicalResourceId").asText("NodeRole"));
    }
    assertThat(receiver.requests()).hasSize(deletes.size());
    assertThat(iam.calls()).isEmpty();
  }

  @Test
  void anotherRoleNameIsAReplacementAndTheOldDeleteTouchesNothing() throws Exception {
    handle(request("create"));
    ObjectNode update = request("update");
    update.withObject("/ResourceProperties").put("RoleName", "Other");
    handle(update);
    assertThat(receiver.requests().getLast().body()).contains("\"PhysicalResourceId\":\"Other\"");
    iam.forgetCalls();

    handle(request("delete"));

    assertThat(receiver.requests().getLast().body())
        .contains("\"Status\":\"SUCCESS\"", "\"PhysicalResourceId\":\"NodeInstanceRole\"");
    assertThat(iam.calls()).isEmpty();
  }

  @Test
  void aRolledBackUpdateIsAnUpdateWithTheOldProperties() throws Exception {
    handle(request("create"));
    ObjectNode bad = request("update");
    JsonNode old = bad.get("OldResourceProperties");
    ObjectNode wrong = ((ObjectNode) bad.get("ResourceProperties")).put("Path", "wrong");
    handle(bad);
    assertThat(receiver.requests().getLast().body()).contains("\"Status\":\"FAILED\"", "Path: ");
    iam.forgetCalls();

    ObjectNode rollback = request("update");
    rollback.set("ResourceProperties", old);
    rollback.set("OldResourceProperties", wrong);
    handle(rollback);

    assertThat(receiver.requests().getLast().body())
        .contains("\"Status\":\"SUCCESS\"", "\"PhysicalResourceId\":\"NodeInstanceRole\"");
    assertThat(iam.writes()).isEmpty();
  }

  @Test
  void theSameRequestTwiceHasTheSameAnswerButForTheStatusOfTheRole() throws Exception {
    handle(request("create"));
    int writes = iam.writes().size();
    handle(request("create"));

    List<String> answers = receiver.requests().stream().map(Request::body).toList();
    assertThat(answers).hasSize(2);
    assertThat(answers.getLast()).isEqualTo(answers.getFirst().replace("REPAIRED", "COMPLIANT"));
    assertThat(iam.writes()).hasSize(writes);
  }

  @RepeatedTest(20)
  void twoStacksThatNeedTheSameMissingRoleAtOnceBothGetIt() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    try (var stacks = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> reports =
          Stream.of("one", "two")
              .map(
                  stack ->
                      stacks.submit(
                          () -> {
                            JsonNode create = request("create").put("StackId", stack);
                            together.await(10, TimeUnit.SECONDS);
                            return handle(create);
                          }))
              .toList();
      for (Future<String> report : reports) {
        assertThat(report.get()).contains("\"FAILED\":0}").doesNotContain(":\"FAILED\"");
      }
    }
    assertThat(receiver.requests()).hasSize(2).allMatch(Request::accepted);
    String arn = iam.account().getRole("NodeInstanceRole").arn();
    for (Request request : receiver.requests()) {
      JsonNode answer = JSON.readTree(request.body());
      assertThat(answer.path("Status").asText()).as(request.body()).isEqualTo("SUCCESS");
      assertThat(answer.path("Data").path("Arn").asText()).isEqualTo(arn);
    }
    iam.forgetCalls();
    assertThat(handle(request("create"))).contains("COMPLIANT");
    assertThat(iam.writes()).isEmpty();
  }

  @Test
  void aRoleWithAPathHasAnArnWithoutItForAwsAuth() throws Exception {
    RightRole.addTo(iam.account(), "NodeInstanceRole", "/eks/nodes/");

    handle(request("create"));

    assertThat(answer().at("/Data/Arn").asText()).endsWith(":role/eks/nodes/NodeInstanceRole");
    assertThat(answer().at("/Data/AwsAuthArn").asText())
        .isEqualTo("arn:aws:iam::123456789012:role/NodeInstanceRole");
  }

  @Test
  void aRoleWithoutAProfileHasNoAttributesOfOne() throws Exception {
    environment.put("INSTANCE_PROFILE", "Ignore");

    handle(request("create"));

    assertThat(answer().path("Status").asText()).isEqualTo("SUCCESS");
    assertThat(answer().path("Data").properties())
        .extracting(Map.Entry::getKey)
        .contains("Arn", "AwsAuthArn")
        .noneMatch(name -> name.startsWith("InstanceProfile"));
    assertThat(iam.account().instanceProfiles()).isEmpty();
  }

  @Test
  void aProfileFilledBetweenTwoReadsIsReported() throws Exception {
    handle(request("create"));
    iam.account().removeRoleFromInstanceProfile("NodeInstanceRole", "NodeInstanceRole");
    iam.faults()
        .at(
            1,
            "GetInstanceProfile",
            Fault.meanwhile(
                () ->
                    iam.account()
                        .addRoleToInstanceProfile("NodeInstanceRole", "NodeInstanceRole")));

    assertThat(handle(request("update"))).contains("\"status\":\"COMPLIANT\"");

    assertThat(receiver.requests().getLast().body())
        .contains("\"Status\":\"SUCCESS\"", "\"InstanceProfileName\":\"NodeInstanceRole\"");
  }

  @Test
  void aSilentIamIsReportedInTimeWithTheLastStep() throws Exception {
    iam.faults().always(Faults.ANY_ACTION, new Fault.NoAnswer());
    long start = System.nanoTime();

    handle(request("create"), rig::guard, ARN, Duration.ofSeconds(6));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
    assertFailed("time");
  }

  @Test
  void theTimeThatCloudFormationWaitsBoundsTheWorkToo() throws Exception {
    iam.faults().always(Faults.ANY_ACTION, new Fault.NoAnswer());
    ObjectNode create = request("create");
    create.withObject("/ResourceProperties").put("ServiceTimeout", "6");
    long start = System.nanoTime();

    handle(create, rig::guard, ARN, Duration.ofSeconds(60));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
    assertFailed("time");
  }

  @Test
  void aWriteHeldUpUntilAfterTheDeadlineIsTheLastOne() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    iam.faults()
        .at(
            1,
            "CreateRole",
            Fault.meanwhile(
                () -> {
                  try {
                    released.await();
                  } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                  }
                  held.countDown();
                }));

    handle(request("create"), rig::guard, ARN, Duration.ofSeconds(3));
    assertFailed(
        "Ran out of time", "iam:CreateRole for role NodeInstanceRole failed: no response in time");
    released.countDown();
    held.await();

    // That nothing follows cannot be waited for; a next write would follow within milliseconds.
    Thread.sleep(500);
    assertThat(iam.writes()).extracting(Call::action).containsExactly("CreateRole");
    assertThat(receiver.requests()).hasSize(1);
  }

  @Test
  void aRefusedUrlEndsTheInvocationAndIamIsNotTouched() throws Exception {
    JsonNode create = request("create");
    environment.remove("AWS_SAM_LOCAL");

    assertThatThrownBy(() -> handle(create))
        .isInstanceOf(RefusedEventException.class)
        .hasMessageNotContaining("X-Amz-Signature");
    assertThat(receiver.requests()).isEmpty();
    assertThat(iam.calls()).isEmpty();
  }

  @Test
  void anAnswerThatIsNotAcceptedEndsTheInvocationWithoutTheUrl() throws Exception {
    receiver.expect(new Reaction.Status(403));

    assertThatThrownBy(() -> handle(request("delete")))
        .isInstanceOf(ResponseSender.NotDeliveredException.class)
        .hasMessageContaining("HTTP status 403")
        .hasMessageNotContaining("http://")
        .hasMessageNotContaining("Signature");
    assertThat(receiver.requests()).hasSize(1);
  }

  @Test
  void theReturnedReportNeverHoldsTheUrl() throws Exception {
    assertThat(handle(request("create"))).contains("REPAIRED").doesNotContain("http", "Signature");
  }
}
