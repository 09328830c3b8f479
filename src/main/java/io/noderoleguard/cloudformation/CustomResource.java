package io.noderoleguard.cloudformation;

import io.noderoleguard.guard.Budget;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.OutOfTimeException;
import io.noderoleguard.guard.Run;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.role.Home;
import io.noderoleguard.settings.InvalidInputException;
import io.noderoleguard.settings.Settings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backend of a CloudFormation custom resource: one response to every request. */
public final class CustomResource {

  private static final Logger LOGGER = LoggerFactory.getLogger(CustomResource.class);

  /** What is kept of the time for the response and its retries; a third of it if that is less. */
  private static final Duration RESERVED_FOR_RESPONSE = Duration.ofSeconds(8);

  /** With less than this, the time was too short: nothing more could be done in it. */
  private static final Duration NEARLY_SPENT = Duration.ofMillis(250);

  /** What is kept to end the invocation with an error if the response is not accepted. */
  private static final Duration RESERVED_FOR_ERROR = Duration.ofMillis(500);

  private final Supplier<Settings> settings;
  private final Supplier<NodeRoleGuard> guard;
  private final ResponseSender sender;

  public CustomResource(
      Supplier<Settings> settings, Supplier<NodeRoleGuard> guard, ResponseSender sender) {
    this.settings = settings;
    this.guard = guard;
    this.sender = sender;
  }

  private record Outcome(
      CustomResourceResponse response, Optional<Report> report, Optional<Throwable> unexpected) {}

  /**
   * Serves a request and sends the response.
   *
   * @param home where the function is; asked only if a role is checked
   * @param time how long the invocation may take
   * @return the report; empty where no role was checked
   * @throws ResponseSender.NotDeliveredException when the response was not accepted
   */
  public Optional<Report> answer(CustomResourceRequest request, Supplier<Home> home, Budget time) {
    Outcome outcome = outcome(request, home, time);
    try {
      sender.send(
          request.responseUrl(), outcome.response.body(), time.left().minus(RESERVED_FOR_ERROR));
    } finally {
      // After the response, which does not depend on a log that works.
      outcome.unexpected.ifPresent(thrown -> log(request.responseUrl(), thrown));
    }
    return outcome.report;
  }

  private Outcome outcome(CustomResourceRequest request, Supplier<Home> home, Budget time) {
    try {
      Budget budget = servingBudget(request, time);
      return serve(request, home, budget);
    } catch (InvalidInputException expected) {
      return failed(request, String.valueOf(expected.getMessage()));
    } catch (Throwable unexpected) {
      String reason = request.responseUrl().redact("Unexpected: " + unexpected);
      return new Outcome(
          CustomResourceResponse.failed(request, reason),
          Optional.empty(),
          Optional.of(unexpected));
    }
  }

  /** What is left of the time without the response's share. */
  private static Budget servingBudget(CustomResourceRequest request, Budget all) {
    Duration left = all.left();
    // CloudFormation waits for no longer than this.
    Duration time =
        request.serviceTimeout().filter(timeout -> timeout.compareTo(left) < 0).orElse(left);
    Duration third = time.dividedBy(3);
    return Budget.of(
        time.minus(third.compareTo(RESERVED_FOR_RESPONSE) < 0 ? third : RESERVED_FOR_RESPONSE));
  }

  private static void log(ResponseUrl url, Throwable unexpected) {
    StringWriter trace = new StringWriter();
    unexpected.printStackTrace(new PrintWriter(trace));
    LOGGER.error(
        "Unexpected; the response to CloudFormation is FAILED: {}", url.redact(trace.toString()));
  }

  private Outcome serve(CustomResourceRequest request, Supplier<Home> home, Budget budget) {
    return switch (request.requestType()) {
      case "Create", "Update" -> check(request, home, budget);
      case "Delete" -> done(CustomResourceResponse.deleted(request), Optional.empty());
      default ->
          failed(
              request,
              "RequestType: %s is not known; Create, Update and Delete are."
                  .formatted(request.requestType()));
    };
  }

  private Outcome check(CustomResourceRequest request, Supplier<Home> home, Budget budget) {
    Duration given = budget.left();
    Settings now = settings.get();
    var properties = CustomResourceProperties.read(request.properties(), now);
    Run run = new Run(properties.mode(), home.get(), budget, new Cause.Stack());
    Report report =
        guard
            .get()
            .checking(now.clusters())
            .check(properties.target(), properties.requirements(), run);
    RoleReport role = report.of(properties.target().name());
    CustomResourceResponse response =
        switch (role.status()) {
          case COMPLIANT, REPAIRED -> CustomResourceResponse.success(request, role);
          case DRIFTED, FAILED ->
              CustomResourceResponse.failed(
                  request,
                  "%sThe role %s is %s: %s"
                      .formatted(
                          outOfTime(given, budget),
                          role.roleName(),
                          role.status(),
                          role.explanation()));
        };
    return done(response, Optional.of(report));
  }

  /** The guard's last call ends a moment before the time is up, so that its reason is known. */
  private static String outOfTime(Duration given, Budget budget) {
    return budget.left().compareTo(NEARLY_SPENT) < 0
        ? new OutOfTimeException(given, budget.step()).getMessage() + " "
        : "";
  }

  private static Outcome failed(CustomResourceRequest request, String reason) {
    return done(CustomResourceResponse.failed(request, reason), Optional.empty());
  }

  private static Outcome done(CustomResourceResponse response, Optional<Report> report) {
    return new Outcome(response, report, Optional.empty());
  }
}
