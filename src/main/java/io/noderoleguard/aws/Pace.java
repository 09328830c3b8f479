package io.noderoleguard.aws;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The pace of the calls to one account, which others call too. Each action has its own, as AWS
 * counts them: a bound on calls per second and on calls at once, lower after AWS asked for fewer
 * calls of that action. Safe for use by several threads.
 */
public final class Pace {

  /**
   * The bounds for each action.
   *
   * @param callsPerSecond how many calls may begin in a second, after the burst
   * @param slowest as few they become at least, however often AWS asks for fewer calls
   * @param burst how many calls may begin at once after a time without any
   * @param parallel how many calls may be under way at once
   * @param throttlingPause the longest first pause of a call that AWS refused because there are too
   *     many; each further one is up to twice as long
   * @param longestPause the longest of these pauses
   */
  public record Limits(
      double callsPerSecond,
      double slowest,
      int burst,
      int parallel,
      Duration throttlingPause,
      Duration longestPause) {

    /**
     * Those of the function. AWS publishes no rates; tools that were throttled keep to 15 calls of
     * one action per second. Within any second, no more than 20 calls of one action reach AWS:
     * those that were under way, the burst, and ten.
     */
    public static final Limits DEFAULT =
        new Limits(10, 1, 6, 4, Duration.ofSeconds(1), Duration.ofSeconds(5));
  }

  /** By how many calls per second an action's pace rises in each second. */
  private static final double RECOVERY = 0.2;

  private static final double SECOND = Duration.ofSeconds(1).toNanos();

  private final Limits limits;
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

  public Pace(Limits limits) {
    this.limits = limits;
  }

  Lane of(String action) {
    return lanes.computeIfAbsent(action, _ -> new Lane());
  }

  /**
   * How long a call waits after AWS refused it because there are too many.
   *
   * @param refusals how often it was refused so far
   */
  Duration pauseAfter(int refusals) {
    long longest = limits.throttlingPause().toNanos();
    for (int i = 1; i < refusals && longest < limits.longestPause().toNanos(); i++) {
      longest *= 2;
    }
    longest = Math.min(longest, limits.longestPause().toNanos());
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
  }

  /** The calls of one action. */
  final class Lane {

    private final Semaphore parallel = new Semaphore(limits.parallel(), true);
    private double callsPerSecond = limits.callsPerSecond();
    private long updated = System.nanoTime();

    /** When the next call would begin if all calls were evenly spaced. */
    private long next = updated;

    private long slowed = updated;

    private Lane() {}

    /**
     * Waits until a call may begin.
     *
     * @return the call's turn; empty if it does not come within this time
     */
    Optional<Turn> await(Duration left) throws InterruptedException {
      long end = System.nanoTime() + left.toNanos();
      if (!parallel.tryAcquire(left.toNanos(), TimeUnit.NANOSECONDS)) {
        return Optional.empty();
      }
      boolean isBegun = false;
      try {
        long wait = reserve(end);
        if (wait < 0) {
          return Optional.empty();
        }
        TimeUnit.NANOSECONDS.sleep(wait);
        isBegun = true;
        return Optional.of(new Turn(this, System.nanoTime()));
      } finally {
        if (!isBegun) {
          parallel.release();
        }
      }
    }

    /** How long to wait for the next free place; negative if that is after the end. */
    // https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
    private synchronized long reserve(long end) {
      long now = System.nanoTime();
      recover(now);
      long interval = Math.round(SECOND / callsPerSecond);
      boolean isSlowed = callsPerSecond < limits.callsPerSecond();
      long early = isSlowed ? 0 : interval * (limits.burst() - 1);
      long wait = Math.max(0, next - early - now);
      if (now + wait - end > 0) {
        return -1;
      }
      next = Math.max(next - now, wait) + now + interval;
      return wait;
    }

    private void recover(long now) {
      double seconds = (now - updated) / SECOND;
      callsPerSecond = Math.min(limits.callsPerSecond(), callsPerSecond + RECOVERY * seconds);
      updated = now;
    }

    /** Halves the pace, once for all calls that were under way. */
    private synchronized void slowDown(Turn refused) {
      if (refused.begun() - slowed < 0) {
        return;
      }
      long now = System.nanoTime();
      recover(now);
      callsPerSecond = Math.max(limits.slowest(), callsPerSecond / 2);
      slowed = now;
    }
  }

  /** A call that is under way. */
  record Turn(Lane lane, long begun) implements AutoCloseable {

    /** AWS refused the call because there are too many. */
    void refused() {
      lane.slowDown(this);
    }

    @Override
    public void close() {
      lane.parallel.release();
    }
  }
}
