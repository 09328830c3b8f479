package io.noderoleguard.lambda;

import io.noderoleguard.guard.Budget;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Report;
import io.noderoleguard.guard.RoleReport;
import io.noderoleguard.role.Partition;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backend of a CloudFormation custom resource: one answer to every request. */
final class CustomResource {

  private static final Logger LOGGER = LoggerFactory.getLogger(CustomResource.class);

  /** What is kept of the function's time for the answer and its retries, if there is so much. */
  private static final Duration TO_ANSWER = Duration.ofSeconds(8);

  /** What is kept to end the invocation with an error where the answer is not accepted. */
  private static final Duration TO_END = Duration.ofMillis(500);

  private final Supplier<Settings> settings;
  private final Supplier<NodeRoleGuard> guard;
  private final ResponseSender sender;

  CustomResource(
      Supplier<Settings> settings, Supplier<NodeRoleGuard> guard, ResponseSender sender) {
    this.settings = settings;
    this.guard = guard;
    this.sender = sender;
  }

  private record Outcome(
      CustomResourceResponse response, Optional<Report> report, Optional<Throwable> unexpected) {}

  /**
   * Serves a request and answers it.
   *
   * @return the report; empty where no role was checked
   * @throws ResponseSender.NotDeliveredException when the answer was not accepted
   */
  Optional<Report> answer(CustomResourceRequest request, Invocation invocation) {
    Outcome outcome = outcome(request, invocation);
    try {
      sender.send(request.responseUrl(), outcome.response.body(), invocation.left().minus(TO_END));
    } finally {
      // After the answer, which does not depend on a log that works.
      outcome.unexpected.ifPresent(thrown -> log(request.responseUrl(), thrown));
    }
    return outcome.report;
  }

  private Outcome outcome(CustomResourceRequest request, Invocation invocation) {
    try {
      Budget budget = toServe(request, invocation);
      return TimedWork.call(budget, () -> serve(request, invocation, budget));
    } catch (InvalidInputException | OutOfTimeException told) {
      return failed(request, String.valueOf(told.getMessage()));
    } catch (Throwable unexpected) {
      String reason = request.responseUrl().removedFrom("Unexpected: " + unexpected);
      return new Outcome(
          CustomResourceResponse.failed(request, reason),
          Optional.empty(),
          Optional.of(unexpected));
    }
  }

  /** What is left when the answer's share is taken from it. */
  private static Budget toServe(CustomResourceRequest request, Invocation invocation) {
    Duration left = invocation.left();
    // CloudFormation waits for no longer than this.
    Duration time =
        request.serviceTimeout().filter(timeout -> timeout.compareTo(left) < 0).orElse(left);
    Duration third = time.dividedBy(3);
    return Budget.of(time.minus(third.compareTo(TO_ANSWER) < 0 ? third : TO_ANSWER));
  }

  private static void log(ResponseUrl url, Throwable unexpected) {
    StringWriter trace = new StringWriter();
    unexpected.printStackTrace(new PrintWriter(trace));
    LOGGER.error(
        "Unexpected, and told to CloudFormation as FAILED: {}", url.removedFrom(trace.toString()));
  }

  private Outcome serve(CustomResourceRequest request, Invocation invocation, Budget budget) {
    return switch (request.requestType()) {
      case "Create", "Update" -> check(request, invocation.here(), budget);
      case "Delete" -> done(CustomResourceResponse.deleted(request), Optional.empty());
      default ->
          failed(
              request,
              "RequestType: %s is not known; Create, Update and Delete are."
                  .formatted(request.requestType()));
    };
  }

  private Outcome check(CustomResourceRequest request, Partition here, Budget budget) {
    Duration given = budget.left();
    var properties = CustomResourceProperties.read(request.properties(), settings.get());
    Report report = guard.get().runOne(properties.spec(), true, properties.mode(), here, budget);
    RoleReport role = report.roles().getFirst();
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

  /** The guard may notice that the time is up a moment before it is interrupted. */
  private static String outOfTime(Duration given, Budget budget) {
    return budget.isSpent() ? new OutOfTimeException(given, budget.step()).getMessage() + " " : "";
  }

  private static Outcome failed(CustomResourceRequest request, String reason) {
    return done(CustomResourceResponse.failed(request, reason), Optional.empty());
  }

  private static Outcome done(CustomResourceResponse response, Optional<Report> report) {
    return new Outcome(response, report, Optional.empty());
  }
}
