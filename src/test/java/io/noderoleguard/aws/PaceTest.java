package io.noderoleguard.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class PaceTest {

  private static final Duration PLENTY = Duration.ofMinutes(1);

  private static Pace pace(int callsPerSecond, int slowest, int burst, int parallel) {
    return new Pace(
        new Pace.Limits(
            callsPerSecond,
            slowest,
            burst,
            parallel,
            Duration.ofMillis(100),
            Duration.ofMillis(400)));
  }

  private static Duration time(Pace.Lane lane, int calls) throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      lane.await(PLENTY).orElseThrow().close();
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Test
  void aBurstBeginsAtOnceAndTheRestAtTheirPace() throws InterruptedException {
    Pace pace = pace(20, 1, 5, 4);

    assertThat(time(pace.of("iam:A"), 5)).isLessThan(Duration.ofMillis(45));
    assertThat(time(pace.of("iam:A"), 4)).isGreaterThan(Duration.ofMillis(150));
  }

  @Test
  void anActionThatIsRefusedBecomesSlowerAndTheOthersDoNot() throws InterruptedException {
    Pace pace = pace(1_000, 20, 5, 4);
    for (int i = 0; i < 8; i++) {
      try (Pace.Turn turn = pace.of("iam:A").await(PLENTY).orElseThrow()) {
        turn.refused();
      }
    }

    assertThat(time(pace.of("iam:A"), 4)).isGreaterThan(Duration.ofMillis(120));
    assertThat(time(pace.of("iam:B"), 4)).isLessThan(Duration.ofMillis(45));
  }

  @Test
  void callsRefusedTogetherSlowTheirActionOnce() throws InterruptedException {
    Pace.Lane lane = pace(100, 1, 8, 8).of("iam:A");
    List<Pace.Turn> turns = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      turns.add(lane.await(PLENTY).orElseThrow());
    }
    turns.forEach(Pace.Turn::refused);
    turns.forEach(Pace.Turn::close);

    // 50 calls a second, and not 100 / 2^8
    assertThat(time(lane, 5)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void noMoreThanSoManyCallsAreUnderWayAtOnce() throws InterruptedException {
    Pace.Lane lane = pace(1_000, 1, 100, 3).of("iam:A");
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Callable<Void> call =
        () -> {
          try (Pace.Turn _ = lane.await(PLENTY).orElseThrow()) {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            Thread.sleep(5);
            underWay.decrementAndGet();
          }
          return null;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(threads.invokeAll(Collections.nCopies(20, call)))
          .allMatch(done -> done.state() == Future.State.SUCCESS);
    }

    assertThat(most).hasValue(3);
  }

  @Test
  void noTurnIsWaitedForThatComesTooLate() throws InterruptedException {
    Pace.Lane lane = pace(1, 1, 1, 2).of("iam:A");
    Pace.Turn first = lane.await(PLENTY).orElseThrow();
    long start = System.nanoTime();

    assertThat(lane.await(Duration.ofMillis(300))).isEqualTo(Optional.empty());
    assertThat(System.nanoTime() - start).isLessThan(200_000_000);

    // What was not begun keeps no place.
    first.close();
    assertThat(time(lane, 1)).isLessThan(Duration.ofMillis(1_500));
  }

  @Test
  void pausesGrowUpToTheLongest() {
    Pace pace = pace(10, 1, 1, 1);

    assertThat(pace.pauseAfter(1)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    assertThat(pace.pauseAfter(2)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
    assertThat(pace.pauseAfter(9)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
    assertThat(pace.pauseAfter(1_000)).isLessThanOrEqualTo(Duration.ofMillis(400));
  }
}
