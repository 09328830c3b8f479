package io.noderoleguard.lambda;

import io.noderoleguard.guard.Budget;
import java.time.Duration;

/** The work did not end within its budget. */
final class OutOfTimeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  OutOfTimeException(Duration given, Budget budget) {
    super(
        "Ran out of time after %d.%03d s; the last step was: %s."
            .formatted(given.toSeconds(), given.toMillisPart(), budget.step()));
  }
}
