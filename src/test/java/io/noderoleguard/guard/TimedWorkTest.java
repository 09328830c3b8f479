package io.noderoleguard.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class TimedWorkTest {

  @Test
  void workThatHangsIsInterruptedAndReported() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);

    assertThatThrownBy(
            () ->
                TimedWork.call(
                    Budget.of(Duration.ofMillis(50)),
                    () -> {
                      try {
                        return new CountDownLatch(1).await(9, TimeUnit.SECONDS);
                      } catch (InterruptedException expected) {
                        interrupted.countDown();
                        return false;
                      }
                    }))
        .isInstanceOf(OutOfTimeException.class)
        .hasMessageMatching("Ran out of time after 0\\.0[0-9]{2} s; the last step was: start\\.");
    assertThat(interrupted.getCount()).isZero();
  }

  @Test
  void whatTheWorkThrowsIsThrown() {
    assertThatThrownBy(
            () ->
                TimedWork.call(
                    Budget.of(Duration.ofSeconds(5)),
                    () -> {
                      throw new StackOverflowError("deep");
                    }))
        .isInstanceOf(StackOverflowError.class);
  }

  @Test
  void aSpentBudgetIsReportedAtOnce() {
    assertThatThrownBy(
            () ->
                TimedWork.call(
                    Budget.of(Duration.ofSeconds(-1)),
                    () -> {
                      try {
                        Thread.sleep(Duration.ofSeconds(9));
                        return 1;
                      } catch (InterruptedException expected) {
                        return 2;
                      }
                    }))
        .isInstanceOf(OutOfTimeException.class);
  }
}
