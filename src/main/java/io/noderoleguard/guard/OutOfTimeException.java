package io.noderoleguard.guard;

import java.time.Duration;

/** The work did not end within its budget. */
public final class OutOfTimeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public OutOfTimeException(Duration given, String lastStep) {
    super(
        "Ran out of time after %d.%03d s; the last step was: %s."
            .formatted(given.toSeconds(), given.toMillisPart(), lastStep));
  }
}
