package io.noderoleguard.guard;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait for something that passes, with growing, jittered pauses.
 *
 * @param firstPause the longest first pause; each further one is up to twice as long, up to {@code
 *     longestPause}; none is shorter than half of that
 * @param total after how much waiting to give up, each pause counted at its longest
 */
public record Patience(Duration firstPause, Duration longestPause, Duration total) {

  /**
   * For IAM, which is <a
   * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency">eventually
   * consistent</a>: changes are usually visible within a few seconds.
   */
  public static final Patience DEFAULT =
      new Patience(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(20));

  /** Starts waiting; no pause outlasts the budget. */
  public Wait within(Budget budget) {
    return new Wait(budget);
  }

  /** The pauses of one wait. */
  public final class Wait {
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
    public boolean pause() {
      if (left.compareTo(next) < 0 || budget.left().compareTo(next) < 0) {
        return false;
      }
      try {
        Thread.sleep(jittered(next));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return false;
      }
      left = left.minus(next);
      Duration doubled = next.multipliedBy(2);
      next = doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
      return true;
    }

    /** Between half of it and all of it, so that many waits do not end at the same moment. */
    private static Duration jittered(Duration longest) {
      long nanos = longest.toNanos();
      return Duration.ofNanos(ThreadLocalRandom.current().nextLong(nanos / 2, nanos + 1));
    }
  }
}
