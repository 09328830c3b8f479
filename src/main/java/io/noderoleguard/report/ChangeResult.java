package io.noderoleguard.report;

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
    /** Not tried, since a change that it depends on failed. */
    SKIPPED
  }

  public static ChangeResult applied(Change change) {
    return new ChangeResult(change, Outcome.APPLIED, Optional.empty());
  }

  public static ChangeResult failed(Change change, String reason) {
    return new ChangeResult(change, Outcome.FAILED, Optional.of(reason));
  }

  public static ChangeResult skipped(Change change, Change prerequisite) {
    return new ChangeResult(
        change,
        Outcome.SKIPPED,
        Optional.of("it needs %s, which failed".formatted(prerequisite.type())));
  }

  /** Whether it was made. */
  public boolean isApplied() {
    return outcome == Outcome.APPLIED;
  }

  /** What was done, or why it was not, in a sentence or clause. */
  public String message() {
    return reason.orElseGet(change::message);
  }
}
