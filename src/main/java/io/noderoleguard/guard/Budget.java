package io.noderoleguard.guard;

import java.time.Duration;

/**
 * The time that a run may take, and the step that it is spent on. Once it is spent, the guard
 * begins no further change, whoever still waits for it.
 */
public final class Budget {

  private final long endNanos;
  private volatile String step = "start";

  private Budget(long endNanos) {
    this.endNanos = endNanos;
  }

  /** A budget that is spent after this time from now on. */
  public static Budget of(Duration time) {
    return new Budget(System.nanoTime() + time.toNanos());
  }

  /** A budget that is spent that much earlier. */
  Budget keeping(Duration reserve) {
    return new Budget(endNanos - reserve.toNanos());
  }

  /** What is left; never negative. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
  }

  /** Whether nothing is left. */
  public boolean isSpent() {
    return left().isZero();
  }

  /** The step that was begun last while time was left, in words. */
  public String step() {
    return step;
  }

  void begin(String nextStep) {
    if (!isSpent()) {
      step = nextStep;
    }
  }
}
