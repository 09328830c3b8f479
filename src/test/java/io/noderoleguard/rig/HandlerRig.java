package io.noderoleguard.rig;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.noderoleguard.cloudtrail.EventHistory;
import io.noderoleguard.eventbridge.EventBus;
import io.noderoleguard.guard.Explainer;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.lambda.GuardHandler;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver;
import io.noderoleguard.local.cloudtrail.Actor;
import io.noderoleguard.local.cloudtrail.EmbeddedTrail;
import io.noderoleguard.local.events.EmbeddedBus;
import io.noderoleguard.local.iam.EmbeddedIam;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The function's handler in this JVM, with an IAM and a receiver of CloudFormation's responses. It
 * has the settings of a function without any, but that it may respond to this machine.
 */
public final class HandlerRig implements AutoCloseable {

  public static final String FUNCTION_ARN =
      "arn:aws:lambda:eu-central-1:123456789012:function:guard";

  /** The function's own role, as CloudTrail names it. */
  public static final String ROLE_ARN = "arn:aws:iam::123456789012:role/guard/guard-role";

  private static final Duration TIME = Duration.ofSeconds(30);

  private final EmbeddedIam iam = EmbeddedIam.start();
  private final EmbeddedTrail trail = EmbeddedTrail.start();
  private final EmbeddedBus bus = EmbeddedBus.start();
  private final CloudFormationReceiver receiver = CloudFormationReceiver.start();
  private final Map<String, String> environment =
      new HashMap<>(
          Map.of("AWS_SAM_LOCAL", "true", "AWS_ENDPOINT_URL_IAM", iam.endpoint().toString()));
  private final Duration patience;

  /**
   * Starts the surroundings.
   *
   * @param patience how long the guard waits until a change is visible
   */
  public HandlerRig(Duration patience) {
    this.patience = patience;
    trail.actor(
        "local", Actor.session("guard/guard-role", "guard", "aws-sdk-java/2.57.8", "192.0.2.1"));
    iam.onWrite((call, accessKeyId) -> trail.record(call.action(), call.parameters(), accessKeyId));
  }

  public EmbeddedIam iam() {
    return iam;
  }

  /** Records what is called on IAM over HTTP, and is what the guard asks. */
  public EmbeddedTrail trail() {
    return trail;
  }

  /** Takes what the function puts on the event bus. */
  public EmbeddedBus bus() {
    return bus;
  }

  public CloudFormationReceiver receiver() {
    return receiver;
  }

  /** The function's variables; what is set here counts for the handlers that come after it. */
  public Map<String, String> environment() {
    return environment;
  }

  public NodeRoleGuard guard() {
    return Guards.at(
        iam.endpoint(),
        Guards.patience(patience),
        new Explainer(Optional.of(EventHistory.at(trail.endpoint())), Optional.of(ROLE_ARN)));
  }

  public GuardHandler handler() {
    return new GuardHandler(environment, this::guard, EventBus.at(bus.endpoint()));
  }

  /** Lets a new handler serve an event; returns what it answers. */
  public String handle(String event) throws IOException {
    return handle(event, this::guard, FUNCTION_ARN, TIME);
  }

  /** Lets a new handler serve an event with another guard, ARN or time than usual. */
  public String handle(
      String event, Supplier<NodeRoleGuard> guard, String functionArn, Duration time)
      throws IOException {
    return handle(
        new GuardHandler(environment, guard, EventBus.at(bus.endpoint())),
        event.getBytes(StandardCharsets.UTF_8),
        context(functionArn, time));
  }

  public static String handle(RequestStreamHandler handler, byte[] event, Context context)
      throws IOException {
    var output = new ByteArrayOutputStream();
    handler.handleRequest(new ByteArrayInputStream(event), output, context);
    return output.toString(StandardCharsets.UTF_8);
  }

  /** The context of an ordinary invocation. */
  public static Context context() {
    return context(FUNCTION_ARN, TIME);
  }

  private static Context context(String functionArn, Duration time) {
    // Stub-only: it remembers none of the calls, and may serve thousands of events.
    Context context = mock(withSettings().stubOnly());
    when(context.getInvokedFunctionArn()).thenReturn(functionArn);
    when(context.getRemainingTimeInMillis()).thenReturn(Math.toIntExact(time.toMillis()));
    when(context.getAwsRequestId()).thenReturn("11111111-2222-3333-4444-555555555555");
    return context;
  }

  /** A file of {@code events/}. */
  public static String sample(String name) throws IOException {
    return Files.readString(Path.of("events", name));
  }

  /** A sample of a request of CloudFormation, whose response goes to the receiver. */
  public String request(String name) throws IOException {
    return request(name, receiver);
  }

  /** A sample of a request of CloudFormation, whose response goes to that receiver. */
  public static String request(String name, CloudFormationReceiver receiver) throws IOException {
    return sample(name)
        .replaceFirst(
            "\"ResponseURL\": \"[^\"]*\"",
            "\"ResponseURL\": \"%s\"".formatted(receiver.responseUrl()));
  }

  /** Ends the receiver, then IAM. */
  @Override
  public void close() {
    receiver.close();
    iam.close();
    trail.close();
    bus.close();
  }
}
