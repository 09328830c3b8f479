package io.noderoleguard.guard;

import java.time.Duration;

/**
 * How long to wait for IAM, which is <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency">eventually
 * consistent</a>: what was written may not be read at once.
 *
 * @param firstPause the first pause; each further one is twice as long, up to {@code longestPause}
 * @param total after how much waiting to give up
 */
public record Patience(Duration firstPause, Duration longestPause, Duration total) {

  /** Changes are seen within a few seconds as a rule. */
  public static final Patience DEFAULT =
      new Patience(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(20));

  /** Starts waiting; no pause outlasts the budget. */
  Wait within(Budget budget) {
    return new Wait(budget);
  }

  /** The pauses of one wait. */
  final class Wait {
    private final Budget budget;
    private Duration next = firstPause;
    private Duration left = total;

    private Wait(Budget budget) {
      this.budget = budget;
    }

    /**
     * Pauses, if there is time for it.
     *
     * @return false when there is none, or the thread was interrupted
     */
    boolean pause() {
      if (left.compareTo(next) < 0 || budget.left().compareTo(next) < 0) {
        return false;
      }
      try {
        Thread.sleep(next);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return false;
      }
      left = left.minus(next);
      Duration doubled = next.multipliedBy(2);
      next = doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
      return true;
    }
  }
}
