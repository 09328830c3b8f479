package io.noderoleguard.lambda;

import io.noderoleguard.guard.Budget;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Report;
import io.noderoleguard.guard.RoleReport;
import io.noderoleguard.role.Partition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backend of a CloudFormation custom resource: one answer to every request. */
final class CustomResource {

  private static final Logger LOGGER = LoggerFactory.getLogger(CustomResource.class);

  /** What is kept of the function's time for the answer and its retries, if there is so much. */
  private static final Duration TO_ANSWER = Duration.ofSeconds(8);

  private final Supplier<Settings> settings;
  private final Supplier<NodeRoleGuard> guard;
  private final ResponseSender sender;

  CustomResource(
      Supplier<Settings> settings, Supplier<NodeRoleGuard> guard, ResponseSender sender) {
    this.settings = settings;
    this.guard = guard;
    this.sender = sender;
  }

  private record Outcome(CustomResourceResponse response, Optional<Report> report) {}

  /**
   * Serves a request and answers it.
   *
   * @return the report; empty where no role was checked
   * @throws ResponseSender.NotDeliveredException when the answer was not accepted
   */
  Optional<Report> answer(CustomResourceRequest request, Invocation invocation) {
    long start = System.nanoTime();
    Duration third = invocation.left().dividedBy(3);
    Duration toAnswer = third.compareTo(TO_ANSWER) < 0 ? third : TO_ANSWER;
    Budget budget = Budget.of(invocation.left().minus(toAnswer));
    Outcome outcome;
    try {
      outcome = TimedWork.call(budget, () -> serve(request, invocation, budget));
    } catch (InvalidInputException | OutOfTimeException told) {
      outcome = failed(request, String.valueOf(told.getMessage()));
    } catch (Throwable unexpected) {
      LOGGER.error("Unexpected, and told to CloudFormation as FAILED", unexpected);
      outcome = failed(request, "Unexpected: " + unexpected);
    }
    Duration spent = Duration.ofNanos(System.nanoTime() - start);
    sender.send(request.responseUrl(), outcome.response.body(), invocation.left().minus(spent));
    return outcome.report;
  }

  private Outcome serve(CustomResourceRequest request, Invocation invocation, Budget budget) {
    return switch (request.requestType()) {
      case "Create", "Update" -> check(request, invocation.here(), budget);
      case "Delete" -> new Outcome(CustomResourceResponse.deleted(request), Optional.empty());
      default ->
          failed(
              request,
              "RequestType: \"%s\" is not known; Create, Update and Delete are."
                  .formatted(request.requestType()));
    };
  }

  private Outcome check(CustomResourceRequest request, Partition here, Budget budget) {
    var properties = CustomResourceProperties.read(request.properties(), settings.get());
    Report report = guard.get().run(List.of(properties.spec()), properties.mode(), here, budget);
    RoleReport role = report.roles().getFirst();
    CustomResourceResponse response =
        switch (role.status()) {
          case COMPLIANT, REPAIRED -> CustomResourceResponse.success(request, role);
          case DRIFTED, FAILED ->
              CustomResourceResponse.failed(
                  request,
                  "The role %s is %s: %s"
                      .formatted(role.roleName(), role.status(), role.explanation()));
        };
    return new Outcome(response, Optional.of(report));
  }

  private static Outcome failed(CustomResourceRequest request, String reason) {
    return new Outcome(CustomResourceResponse.failed(request, reason), Optional.empty());
  }
}
