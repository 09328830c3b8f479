package io.noderoleguard.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import io.noderoleguard.guard.Budget;
import io.noderoleguard.role.Home;
import java.time.Duration;

/**
 * What an invocation says besides its event.
 *
 * @param requestId the invocation's own ID, which its log lines have
 * @param functionArn the ARN that the function was invoked by
 * @param time how long Lambda lets it run
 */
record Invocation(String requestId, String functionArn, Budget time) {

  /** What is kept of the function's time to report how a check ended. */
  private static final Duration RESERVED_FOR_REPORT = Duration.ofSeconds(2);

  static Invocation of(Context context) {
    return new Invocation(
        context.getAwsRequestId(),
        context.getInvokedFunctionArn(),
        Budget.of(Duration.ofMillis(context.getRemainingTimeInMillis())));
  }

  /** The time for checks that nobody else waits for. */
  Budget timeForChecks() {
    return Budget.of(time.left().minus(RESERVED_FOR_REPORT));
  }

  /** Where the function is. */
  Home home() {
    return Home.ofArn(functionArn)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "\"%s\" is not the ARN of a function".formatted(functionArn)));
  }
}
