package io.noderoleguard.aws;

import java.time.Duration;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkClient;

/** What calls to AWS may take: the time that their caller has, and the pace that they keep. */
public final class CallScope {

  /** The caller's at the end, to report what became of the last call. */
  private static final Duration RESERVED_FOR_CALLER = Duration.ofMillis(200);

  private final Pace pace;
  private final Duration longest;
  private final long end;

  private CallScope(Pace pace, Duration longest, long end) {
    this.pace = pace;
    this.longest = longest;
    this.end = end;
  }

  /**
   * The scope of calls that begin now.
   *
   * @param client its time-out for a call bounds each of them as well
   * @param left the caller's own time
   */
  public static CallScope of(SdkClient client, Pace pace, Duration left) {
    Duration longest =
        client
            .serviceClientConfiguration()
            .overrideConfiguration()
            .apiCallTimeout()
            .orElse(Duration.ofDays(1));
    return of(longest, pace, left);
  }

  /**
   * The same for calls that are made without a client of the SDK.
   *
   * @param longest bounds each of them as well
   */
  public static CallScope of(Duration longest, Pace pace, Duration left) {
    Duration tenth = left.dividedBy(10);
    Duration reserved = tenth.compareTo(RESERVED_FOR_CALLER) < 0 ? tenth : RESERVED_FOR_CALLER;
    return new CallScope(pace, longest, System.nanoTime() + left.minus(reserved).toNanos());
  }

  /**
   * The same calls, for this time and for a tenth of what is left at most: for what is of use but
   * not needed.
   */
  public CallScope atMost(Duration time) {
    Duration tenth = left().dividedBy(10);
    long earlier = System.nanoTime() + (time.compareTo(tenth) < 0 ? time : tenth).toNanos();
    return new CallScope(pace, longest, earlier);
  }

  Pace pace() {
    return pace;
  }

  Duration left() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /** Bounds a call by what is left of the caller's time, if that is less than the client's. */
  AwsRequestOverrideConfiguration bounds() {
    Duration left = left();
    Duration limit = longest.compareTo(left) < 0 ? longest : left;
    // The SDK accepts no time-out that is not positive.
    Duration positive = limit.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : limit;
    return AwsRequestOverrideConfiguration.builder().apiCallTimeout(positive).build();
  }
}
