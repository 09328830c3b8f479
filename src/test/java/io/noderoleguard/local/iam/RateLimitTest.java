package io.noderoleguard.local.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RateLimitTest {

  private final AtomicLong now = new AtomicLong();
  private final RateLimit limit = new RateLimit(3, now::get);

  private int allowed(String bucket) {
    int allowed = 0;
    while (limit.allows(bucket)) {
      allowed++;
    }
    return allowed;
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void eachBucketIsFilledSteadilyUpToWhatASecondBrings() {
    assertThat(allowed("GetRole")).isEqualTo(3);
    assertThat(allowed("TagRole")).isEqualTo(3);

    pass(Duration.ofMillis(700));
    assertThat(allowed("GetRole")).isEqualTo(2);

    pass(Duration.ofMinutes(1));
    assertThat(allowed("GetRole")).isEqualTo(3);
  }
}
