package io.noderoleguard.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.local.cloudformation.CloudFormationReceiver;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver.Reaction;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver.Request;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.Faults;
import io.noderoleguard.local.lambda.FunctionOptions;
import io.noderoleguard.local.lambda.Invocation;
import io.noderoleguard.local.lambda.LocalLambda;
import io.noderoleguard.rig.HandlerRig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The custom resource as it is deployed, under the real runtime interface client. */
@Timeout(180)
final class PackagedCustomResourceTest {

  private static LocalLambda start(EmbeddedIam iam) throws Exception {
    return LocalLambda.start(
        new FunctionOptions()
            .timeout(Duration.ofSeconds(12))
            .environment(
                Map.of(
                    "AWS_ENDPOINT_URL_IAM", iam.endpoint().toString(),
                    "AWS_SAM_LOCAL", "true",
                    "POWERTOOLS_LOG_LEVEL", "TRACE",
                    "POWERTOOLS_LOGGER_LOG_EVENT", "true",
                    "AWS_LAMBDA_LOG_LEVEL", "TRACE")));
  }

  private static Invocation create(LocalLambda lambda, CloudFormationReceiver receiver)
      throws Exception {
    return lambda.invoke(HandlerRig.request("cfn-create.json", receiver));
  }

  private static List<Integer> statuses(CloudFormationReceiver receiver) {
    return receiver.requests().stream().map(Request::status).toList();
  }

  @Test
  void aSilentIamIsReportedInTimeAndTheFunctionServesOn() throws Exception {
    try (EmbeddedIam iam = EmbeddedIam.start();
        CloudFormationReceiver receiver = CloudFormationReceiver.start();
        LocalLambda lambda = start(iam)) {
      iam.faults().always(Faults.ANY_ACTION, new Fault.NoAnswer());

      Invocation invocation = create(lambda, receiver);

      assertThat(invocation.error()).isEmpty();
      assertThat(invocation.duration()).isLessThan(Duration.ofSeconds(11));
      assertThat(statuses(receiver)).containsExactly(200);
      assertThat(receiver.requests().getFirst().body()).contains("\"Status\":\"FAILED\"", "time");
      assertThat(iam.writes()).isEmpty();

      iam.faults().clear();
      assertThat(create(lambda, receiver).body()).contains("REPAIRED");
      assertThat(receiver.requests().getLast().body()).contains("\"Status\":\"SUCCESS\"");
    }
  }

  @Test
  void aReceiverThatMisbehavesIsMetAsTheProtocolHasIt() throws Exception {
    try (EmbeddedIam iam = EmbeddedIam.start();
        LocalLambda lambda = start(iam)) {
      assertMet(lambda, List.of(200), new Reaction.Slow(Duration.ofSeconds(1)));
      assertMet(lambda, List.of(500, 500, 200), new Reaction.Status(500), new Reaction.Status(500));
      assertMet(lambda, List.of(0, 200), new Reaction.Reset());
      assertMet(lambda, List.of(0, 200), new Reaction.Silence());
      assertNotAccepted(
          lambda, "HTTP status 403 in attempt 1", List.of(403), new Reaction.Status(403));
      assertNotAccepted(
          lambda,
          "no HTTP response within",
          List.of(0, 0, 0),
          new Reaction.Silence(),
          new Reaction.Silence(),
          new Reaction.Silence());

      assertThat(lambda.log())
          .contains("NotDeliveredException")
          .doesNotContain("X-Amz-Signature", "0f1e2d3c4b5a6978");
    }
  }

  private static void assertMet(LocalLambda lambda, List<Integer> statuses, Reaction... reactions)
      throws Exception {
    try (CloudFormationReceiver receiver = CloudFormationReceiver.start()) {
      receiver.expect(reactions);
      Invocation invocation = create(lambda, receiver);
      assertThat(invocation.error()).isEmpty();
      assertThat(statuses(receiver)).isEqualTo(statuses);
      assertThat(receiver.requests())
          .extracting(Request::body)
          .containsOnly(receiver.requests().getFirst().body());
      assertThat(receiver.requests().getFirst().body()).contains("\"Status\":\"SUCCESS\"");
    }
  }

  private static void assertNotAccepted(
      LocalLambda lambda, String message, List<Integer> statuses, Reaction... reactions)
      throws Exception {
    try (CloudFormationReceiver receiver = CloudFormationReceiver.start()) {
      receiver.expect(reactions);
      Invocation invocation = create(lambda, receiver);
      assertThat(invocation.error())
          .hasValueSatisfying(
              error -> {
                assertThat(error.errorType()).endsWith("NotDeliveredException");
                assertThat(error.errorMessage()).contains(message).doesNotContain("http:");
              });
      assertThat(invocation.duration()).isLessThan(Duration.ofSeconds(12));
      assertThat(statuses(receiver)).isEqualTo(statuses);
    }
  }
}
