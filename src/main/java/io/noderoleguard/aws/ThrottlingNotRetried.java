package io.noderoleguard.aws;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RecordSuccessResponse;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

/**
 * A retry strategy that leaves it to {@link AwsCall} to repeat what AWS refused because there were
 * too many calls. The SDK's own strategies cannot be told not to.
 */
record ThrottlingNotRetried(RetryStrategy others) implements RetryStrategy {

  @Override
  public AcquireInitialTokenResponse acquireInitialToken(AcquireInitialTokenRequest request) {
    return others.acquireInitialToken(request);
  }

  @Override
  public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
    if (request.failure() instanceof AwsServiceException refused
        && refused.isThrottlingException()) {
      throw new TokenAcquisitionFailedException(
          "throttling is not retried here", request.token(), refused);
    }
    return others.refreshRetryToken(request);
  }

  @Override
  public RecordSuccessResponse recordSuccess(RecordSuccessRequest request) {
    return others.recordSuccess(request);
  }

  @Override
  public int maxAttempts() {
    return others.maxAttempts();
  }

  /** The SDK adds its defaults through {@link #toBuilder}; {@code others} has them already. */
  @Override
  public boolean useClientDefaults() {
    return false;
  }

  @Override
  public Builder<?, ?> toBuilder() {
    return others.toBuilder();
  }
}
