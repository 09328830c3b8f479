package io.noderoleguard.local.iam;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Eventual consistency: for a while after a write, reads answer from the state before it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency">IAM's
 *     own words on it</a>
 */
final class StaleReads {

  /** The state before a write, and how long it is still what readers see. */
  private static final class Hidden {
    private final IamAccount before;
    private final long visibleAt;
    private int readsLeft;

    Hidden(IamAccount before, long visibleAt, int readsLeft) {
      this.before = before;
      this.visibleAt = visibleAt;
      this.readsLeft = readsLeft;
    }
  }

  private final Deque<Hidden> hidden = new ArrayDeque<>();
  private final LongSupplier nanoTime;
  private Duration delay = Duration.ZERO;
  private int reads;

  StaleReads(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Each write becomes visible after this time. */
  synchronized void lasting(Duration time) {
    clear();
    delay = time;
  }

  /** Each write becomes visible after so many reads of whatever kind. */
  synchronized void lasting(int numberOfReads) {
    clear();
    reads = numberOfReads;
  }

  /** All is visible at once. */
  synchronized void clear() {
    hidden.clear();
    delay = Duration.ZERO;
    reads = 0;
  }

  synchronized void beforeWrite(IamAccount account) {
    if (reads > 0 || delay.isPositive()) {
      hidden.add(new Hidden(account.copy(), nanoTime.getAsLong() + delay.toNanos(), reads));
    }
  }

  /** What a reader sees now, if it is not the present. */
  synchronized Optional<IamAccount> seenByRead() {
    hidden.removeIf(this::isVisible);
    hidden.forEach(write -> write.readsLeft--);
    return Optional.ofNullable(hidden.peek()).map(write -> write.before);
  }

  private boolean isVisible(Hidden write) {
    return write.readsLeft <= 0 && nanoTime.getAsLong() - write.visibleAt >= 0;
  }
}
