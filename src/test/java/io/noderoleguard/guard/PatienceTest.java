package io.noderoleguard.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PatienceTest {

  private static final Budget PLENTY = Budget.of(Duration.ofMinutes(1));

  private static Patience patience(int first, int longest, int total) {
    return new Patience(
        Duration.ofMillis(first), Duration.ofMillis(longest), Duration.ofMillis(total));
  }

  @Test
  void pausesAreUpToTwiceAsLongEachTimeUntilTheTotalIsSpent() {
    Patience.Wait wait = patience(10, 40, 110).within(PLENTY);
    long start = System.nanoTime();

    // 10 + 20 + 40 + 40, and never less than half of each
    for (int pauses = 0; pauses < 4; pauses++) {
      assertThat(wait.pause()).isTrue();
    }
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(55_000_000);
    assertThat(wait.pause()).isFalse();
  }

  /** IAM's changes are usually visible within a few seconds; now and then it takes ten or more. */
  @Test
  void iamIsGivenTwentySecondsInManyPauses() {
    assertThat(Patience.DEFAULT.total()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
    assertThat(Patience.DEFAULT.firstPause()).isLessThanOrEqualTo(Duration.ofMillis(200));
    assertThat(Patience.DEFAULT.longestPause())
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
  }

  @Test
  void aPauseThatTheTotalDoesNotHoldIsNotBegun() {
    assertThat(patience(10, 40, 9).within(PLENTY).pause()).isFalse();
  }

  @Test
  void aPauseThatTheBudgetDoesNotHoldIsNotBegun() {
    assertThat(patience(60_000, 60_000, 60_000).within(Budget.of(Duration.ofSeconds(1))).pause())
        .isFalse();
  }

  @Test
  void whoIsInterruptedWaitsNoLongerAndStaysInterrupted() {
    Thread.currentThread().interrupt();

    assertThat(patience(10, 10, 100).within(PLENTY).pause()).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aBudgetNamesTheStepThatItWasSpentOn() {
    Budget budget = Budget.of(Duration.ofMinutes(1));
    budget.begin("reading");
    assertThat(budget.step()).isEqualTo("reading");
    assertThat(budget.isSpent()).isFalse();

    Budget spent = Budget.of(Duration.ZERO);
    spent.begin("writing");
    assertThat(spent.step()).isEqualTo("start");
    assertThat(spent.isSpent()).isTrue();
    assertThat(spent.left()).isZero();
  }
}
