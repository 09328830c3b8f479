package io.noderoleguard.guard;

import io.noderoleguard.role.Change;
import java.util.Optional;

/**
 * What became of a planned change.
 *
 * @param reason why it was not made; empty when it was
 */
public record ChangeResult(Change change, Outcome outcome, Optional<String> reason) {

  /** The outcome of a change. */
  public enum Outcome {
    /** Made. */
    APPLIED,
    /** Tried or due, and not made. */
    FAILED,
    /** Not tried, since something that it needs failed. */
    SKIPPED
  }

  static ChangeResult applied(Change change) {
    return new ChangeResult(change, Outcome.APPLIED, Optional.empty());
  }

  static ChangeResult failed(Change change, String reason) {
    return new ChangeResult(change, Outcome.FAILED, Optional.of(reason));
  }

  static ChangeResult skipped(Change change, Change needed) {
    return new ChangeResult(
        change, Outcome.SKIPPED, Optional.of("it needs %s, which failed".formatted(needed.type())));
  }
}
