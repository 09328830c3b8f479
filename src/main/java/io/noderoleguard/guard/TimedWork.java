package io.noderoleguard.guard;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work on a thread of its own, so that the caller can go on in time even if the work hangs. */
public final class TimedWork {

  /** How long work that was interrupted is given to end; a call to IAM ends at once. */
  private static final Duration INTERRUPT_GRACE = Duration.ofMillis(250);

  private TimedWork() {}

  /**
   * Waits for the work until the budget is spent. Then the work is interrupted, and what it waits
   * for is broken off; since the budget is spent, it begins no further change.
   *
   * @throws OutOfTimeException when it did not end in time; else whatever the work threw
   */
  public static <T> T call(Budget budget, Callable<T> work) {
    Duration given = budget.left();
    FutureTask<T> task = new FutureTask<>(LogFields.carriedTo(work));
    // A virtual thread, since an interrupt closes the socket that one waits for:
    // https://openjdk.org/jeps/444
    Thread thread = Thread.ofVirtual().name("guard").start(task);
    try {
      return task.get(given.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      String lastStep = budget.step();
      end(task, thread);
      throw new OutOfTimeException(given, lastStep);
    } catch (InterruptedException interrupted) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      throw new OutOfTimeException(given, budget.step());
    } catch (ExecutionException failed) {
      throw unchecked(Objects.requireNonNull(failed.getCause()));
    }
  }

  private static void end(FutureTask<?> task, Thread thread) {
    task.cancel(true);
    try {
      thread.join(INTERRUPT_GRACE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static RuntimeException unchecked(Throwable thrown) {
    return switch (thrown) {
      case Error error -> throw error;
      case RuntimeException unchecked -> unchecked;
      default -> new IllegalStateException(thrown);
    };
  }
}
