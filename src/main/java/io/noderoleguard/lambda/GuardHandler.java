package io.noderoleguard.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.noderoleguard.cloudformation.CustomResource;
import io.noderoleguard.cloudformation.ResponseSender;
import io.noderoleguard.cloudtrail.EventHistory;
import io.noderoleguard.eks.EksGateway;
import io.noderoleguard.event.Changed;
import io.noderoleguard.event.Direct;
import io.noderoleguard.event.Event;
import io.noderoleguard.event.EventReader;
import io.noderoleguard.event.Queued;
import io.noderoleguard.event.Scheduled;
import io.noderoleguard.event.Stack;
import io.noderoleguard.eventbridge.EventBus;
import io.noderoleguard.guard.Explainer;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Patience;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.settings.InvalidInputException;
import io.noderoleguard.settings.Settings;
import io.noderoleguard.start.Start;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;

/**
 * The Lambda function: takes an event, has it served, and returns the report as JSON.
 *
 * <p>An event that the function does not serve ends the invocation as an error that says so, and so
 * does a check that left a role FAILED. A request of CloudFormation gets a response whatever
 * happens.
 */
public final class GuardHandler implements RequestStreamHandler {

  private final boolean local;
  private final RequestedChecks checks;
  private final ChangedRoles changedRoles;
  private final CustomResource customResource;

  /** The function as Lambda makes it. */
  public GuardHandler() {
    this(
        System.getenv(),
        Start.of(
            () ->
                new NodeRoleGuard(
                    IamGateway.ofDefaultAccount(),
                    Patience.DEFAULT,
                    explainer(System.getenv()),
                    EksGateway::ofDefaultAccount),
            report -> bytes(ReportJson.of(report))),
        EventBus.ofDefaultAccount());
  }

  private static Explainer explainer(Map<String, String> environment) {
    return new Explainer(
        Settings.isDriftExplained(environment)
            ? Optional.of(EventHistory.ofDefaultAccount(Settings.iamEventsRegion(environment)))
            : Optional.empty(),
        Optional.ofNullable(environment.get("GUARD_ROLE_ARN")));
  }

  /**
   * @param guard is asked for each check; what it throws is reported to whoever asked for that
   * @param bus is sent what nobody waits for
   */
  public GuardHandler(
      Map<String, String> environment, Supplier<NodeRoleGuard> guard, EventBus bus) {
    Supplier<Settings> settings = () -> Settings.from(environment);
    this.local = "true".equals(environment.get("AWS_SAM_LOCAL"));
    this.checks = new RequestedChecks(settings, guard);
    this.changedRoles = new ChangedRoles(settings, guard, bus);
    this.customResource = new CustomResource(settings, guard, ResponseSender.DEFAULT);
    logInvalidSettings(settings);
    if (Settings.isLocalOnRealAccount(environment)) {
      LoggerFactory.getLogger(GuardHandler.class)
          .warn(
              "SAM runs this without another IAM's endpoint, so on a real account: the mode is"
                  + " Audit unless the event itself asks for Repair");
    }
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context) {
    try {
      handle(input, output, context);
    } catch (Throwable thrown) {
      throw ErrorText.of(thrown);
    }
  }

  private void handle(InputStream input, OutputStream output, Context context) throws IOException {
    Event event = EventReader.read(input, local);
    Invocation invocation = Invocation.of(context);
    JsonObject answer =
        PowertoolsLogging.withLogging(
            context,
            () ->
                switch (event) {
                  case Scheduled _ -> ReportJson.of(checks.scheduled(invocation));
                  case Direct direct -> ReportJson.of(checks.direct(direct, invocation));
                  case Changed changed -> ReportJson.of(changedRoles.one(changed, invocation));
                  case Queued queued ->
                      ChangedRoles.response(changedRoles.batch(queued, invocation));
                  case Stack(var request) ->
                      customResource
                          .answer(request, invocation::home, invocation.time())
                          .map(ReportJson::of)
                          .orElseGet(() -> JsonObject.with().build());
                });
    output.write(bytes(answer));
  }

  private static byte[] bytes(JsonObject json) {
    return Json.write(json).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Logs invalid settings at start. They must not stop the function: it still has to answer
   * CloudFormation.
   */
  private static void logInvalidSettings(Supplier<Settings> settings) {
    // Not in a static field: the log is started by Start.
    Logger logger = LoggerFactory.getLogger(GuardHandler.class);
    try {
      logger.debug("{}", settings.get());
    } catch (InvalidInputException invalid) {
      logger.error(invalid.getMessage());
    } catch (RuntimeException | Error unexpected) {
      logger.error("The settings cannot be read", unexpected);
    }
  }
}
