package io.noderoleguard.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

final class AwsClientsTest {

  private static final CallLimits LIMITS = CallLimits.DEFAULT;
  private static final int TRIALS = 50;

  private final ClientOverrideConfiguration configuration =
      AwsClients.configuration(LIMITS, _ -> true, _ -> Optional.empty());

  /** A run has two minutes, in which several calls are made one after another. */
  @Test
  void aCallAndEachAttemptOfItEndSoon() {
    assertThat(LIMITS.call()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
    assertThat(LIMITS.attempt()).isBetween(Duration.ofSeconds(2), LIMITS.call().dividedBy(3));
    assertThat(LIMITS.connect()).isBetween(Duration.ofSeconds(1), LIMITS.attempt());
    assertThat(configuration.apiCallTimeout()).contains(LIMITS.call());
    assertThat(configuration.apiCallAttemptTimeout()).contains(LIMITS.attempt());
  }

  @Test
  void throttlingIsNotRetriedAtOnceButAfterALongerPauseThanAnotherProblem() {
    AwsServiceException throttled =
        AwsServiceException.builder()
            .awsErrorDetails(AwsErrorDetails.builder().errorCode("Throttling").build())
            .build();

    assertThat(longestPauseAfter(SdkClientException.create("connection reset")))
        .isBetween(Duration.ofMillis(20), Duration.ofMillis(100));
    assertThatThrownBy(() -> longestPauseAfter(throttled))
        .isInstanceOf(TokenAcquisitionFailedException.class);
    assertThat(new Pace(Pace.Limits.DEFAULT).pauseAfter(1))
        .isBetween(Duration.ofMillis(200), Duration.ofSeconds(1));
  }

  /** Of many first pauses: each is drawn between nothing and a limit. */
  private Duration longestPauseAfter(SdkException failure) {
    return IntStream.range(0, TRIALS)
        .mapToObj(trial -> firstPause(failure, failure.getClass().getName() + trial))
        .max(Duration::compareTo)
        .orElseThrow();
  }

  private Duration firstPause(SdkException failure, String scope) {
    RetryStrategy strategy = configuration.retryStrategy().orElseThrow();
    RetryToken token =
        strategy.acquireInitialToken(AcquireInitialTokenRequest.create(scope)).token();
    return strategy
        .refreshRetryToken(
            RefreshRetryTokenRequest.builder()
                .token(token)
                .failure(failure)
                .suggestedDelay(Duration.ZERO)
                .build())
        .delay();
  }
}
