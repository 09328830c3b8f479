package io.noderoleguard.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import io.noderoleguard.guard.Budget;
import io.noderoleguard.role.Home;
import java.time.Duration;

/**
 * What an invocation says besides its event.
 *
 * @param functionArn the ARN that the function was invoked by
 * @param time how long Lambda lets it run
 */
record Invocation(String functionArn, Budget time) {

  static Invocation of(Context context) {
    return new Invocation(
        context.getInvokedFunctionArn(),
        Budget.of(Duration.ofMillis(context.getRemainingTimeInMillis())));
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
