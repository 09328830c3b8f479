package io.noderoleguard.lambda;

import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.eventbridge.BusEvent;
import io.noderoleguard.eventbridge.EventBus;
import io.noderoleguard.guard.Budget;
import io.noderoleguard.guard.OutOfTimeException;
import io.noderoleguard.guard.TimedWork;
import io.noderoleguard.json.JsonValue.JsonNumber;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.report.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Sends the report of a run that a queued change started to the event bus, from where the same
 * rules notify people as of a nightly check. Lambda itself does so for <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html">asynchronous
 * invocations</a> only, and what it sends is the shape of this.
 */
final class ChangeNotice {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** What is kept of the function's time to answer SQS. */
  private static final Duration RESERVED_FOR_ANSWER = Duration.ofMillis(500);

  private ChangeNotice() {}

  /** Sends it. The log has what could not be sent, and an alarm rings. */
  static void send(Report report, EventBus bus, Invocation invocation) {
    Duration left = invocation.time().left().minus(RESERVED_FOR_ANSWER);
    Budget budget = Budget.of(left.compareTo(LIMIT) < 0 ? left : LIMIT);
    try {
      Result<Optional<String>> result =
          TimedWork.call(
              budget, () -> bus.put(event(report, invocation), invocation.home(), budget.left()));
      switch (result) {
        case Ok<Optional<String>> _ -> {}
        case Failed<Optional<String>>(var problem) -> logUnsent(report, problem.message());
      }
    } catch (OutOfTimeException late) {
      logUnsent(report, "events:PutEvents got no response in time");
    }
  }

  private static BusEvent event(Report report, Invocation invocation) {
    JsonObject context =
        JsonObject.with()
            .member("requestId", invocation.requestId())
            .member("functionArn", invocation.functionArn())
            .member("condition", "Success")
            .member("approximateInvokeCount", new JsonNumber("1"))
            .build();
    return new BusEvent(
        "lambda",
        "Lambda Function Invocation Result - Success",
        invocation.functionArn(),
        JsonObject.with()
            .member("version", "1.0")
            .member("timestamp", Instant.now().toString())
            .member("requestContext", context)
            .member(
                "responseContext",
                JsonObject.with().member("statusCode", new JsonNumber("200")).build())
            .member("responsePayload", ReportJson.of(report))
            .build());
  }

  private static void logUnsent(Report report, String why) {
    LoggerFactory.getLogger(ChangeNotice.class)
        .atError()
        .addKeyValue("unsent", report.status().name())
        .log("The notification of this check could not be sent: {}. {}", why, report.summary());
  }
}
