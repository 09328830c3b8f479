package io.noderoleguard.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Patience;
import io.noderoleguard.guard.Report;
import io.noderoleguard.iam.IamRoles;
import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue.JsonObject;
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
 * The Lambda function: takes an event, has it served, and gives back the report as JSON.
 *
 * <p>An event that is none of the function's ends the invocation as an error that says so, and so
 * does a check that left a role FAILED. A request of CloudFormation is answered whatever happens.
 */
public final class GuardHandler implements RequestStreamHandler {

  private final boolean local;
  private final RoleChecks checks;
  private final CustomResource customResource;

  /** The function as Lambda makes it. */
  public GuardHandler() {
    this(
        System.getenv(),
        Priming.begin(() -> new NodeRoleGuard(IamRoles.ofDefaultAccount(), Patience.DEFAULT)));
  }

  /**
   * @param newGuard is asked when a guard is first needed; what it throws is told to whoever asked
   */
  GuardHandler(Map<String, String> environment, Supplier<NodeRoleGuard> newGuard) {
    Supplier<Settings> settings = new Once<>(() -> Settings.from(environment));
    Supplier<NodeRoleGuard> guard = new Once<>(newGuard);
    this.local = "true".equals(environment.get("AWS_SAM_LOCAL"));
    this.checks = new RoleChecks(settings, guard);
    this.customResource = new CustomResource(settings, guard, ResponseSender.DEFAULT);
    tellWhatIsWrong(settings);
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    Event event = Event.read(input, local);
    Invocation invocation = Invocation.of(context);
    Optional<Report> report =
        PowertoolsLogging.withLogging(
            context,
            () ->
                switch (event) {
                  case Event.Scheduled _ -> Optional.of(checks.scheduled(invocation));
                  case Event.Direct direct -> Optional.of(checks.direct(direct, invocation));
                  case CustomResourceRequest request -> customResource.answer(request, invocation);
                });
    JsonObject answer = report.map(ReportJson::of).orElseGet(() -> JsonObject.with().build());
    output.write(Json.write(answer).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Wrong settings are told at once, and again to whoever needs them. No function that cannot start
   * would answer CloudFormation.
   */
  private static void tellWhatIsWrong(Supplier<Settings> settings) {
    // Not in a static field: starting the log takes as long as all the rest that goes on beside it.
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
