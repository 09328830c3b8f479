package io.noderoleguard.local.lambda;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the function made of one event.
 *
 * @param requestId what {@code Context.getAwsRequestId} gave
 * @param body the answer as it was posted; of a failed invocation, the error as it was posted
 * @param error of a failed invocation, what it threw
 * @param duration from handing the event over to the answer; starting the JVM is not in it
 */
public record Invocation(
    String requestId, String body, Optional<FunctionError> error, Duration duration) {

  /** What Lambda shows of something thrown. */
  public record FunctionError(String errorType, String errorMessage, List<String> stackTrace) {
    public FunctionError {
      stackTrace = List.copyOf(stackTrace);
    }
  }
}
