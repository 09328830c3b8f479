package io.noderoleguard.iam;

import java.time.Duration;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.IamClientBuilder;
import software.amazon.awssdk.services.iam.model.ConcurrentModificationException;

/** How the guard talks to IAM: the HTTP client, the time that a call may take, and the retries. */
public final class IamClients {

  private IamClients() {}

  /**
   * A builder to which nothing need be added: region, credentials and endpoint are the SDK's
   * defaults, so that {@code AWS_ENDPOINT_URL_IAM} and the partition of {@code AWS_REGION} count.
   */
  public static IamClientBuilder builder() {
    return builder(CallLimits.DEFAULT);
  }

  /** The same with other limits than {@link CallLimits#DEFAULT}. */
  public static IamClientBuilder builder(CallLimits limits) {
    return withoutHttp(limits)
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(limits.connect())
                .socketTimeout(limits.attempt()));
  }

  /** The same, for another HTTP client. */
  static IamClientBuilder withoutHttp(CallLimits limits) {
    return IamClient.builder()
        .overrideConfiguration(
            override ->
                override
                    .apiCallAttemptTimeout(limits.attempt())
                    .apiCallTimeout(limits.call())
                    .retryStrategy(retries(limits))
                    .addExecutionInterceptor(new UnusableAnswers()));
  }

  /** Bounds a call by what is left of the caller's own time, if that is less than the client's. */
  static AwsRequestOverrideConfiguration within(IamClient client, Duration left) {
    Duration limit =
        client
            .serviceClientConfiguration()
            .overrideConfiguration()
            .apiCallTimeout()
            .filter(callLimit -> callLimit.compareTo(left) < 0)
            .orElse(left);
    // The SDK accepts no time-out that is not positive.
    Duration positive = limit.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : limit;
    return AwsRequestOverrideConfiguration.builder().apiCallTimeout(positive).build();
  }

  /**
   * What the SDK takes for a failure that passes (throttling, server errors, broken connections),
   * and two more: someone else's concurrent change, and an answer cut short, be it an error.
   */
  private static StandardRetryStrategy retries(CallLimits limits) {
    return AwsRetryStrategy.standardRetryStrategy().toBuilder()
        .maxAttempts(limits.attempts())
        .backoffStrategy(BackoffStrategy.exponentialDelay(limits.pause(), limits.longestPause()))
        .throttlingBackoffStrategy(
            BackoffStrategy.exponentialDelay(limits.throttlingPause(), limits.longestPause()))
        .retryOnException(ConcurrentModificationException.class)
        .retryOnRootCauseInstanceOf(XMLStreamException.class)
        .retryOnException(
            thrown ->
                thrown instanceof AwsServiceException refused
                    && IamCall.errorCode(refused).isEmpty())
        .build();
  }

  /**
   * Refuses an answer that is not IAM's or not to this call. The SDK takes any with status 200 for
   * success, also a proxy's HTML page, and leaves out what it does not find: a list would be empty.
   */
  private static final class UnusableAnswers implements ExecutionInterceptor {
    @Override
    public void afterUnmarshalling(Context.AfterUnmarshalling context, ExecutionAttributes call) {
      Optional<String> missing = ExpectedElements.missingFrom(context.response());
      if (missing.isPresent()) {
        throw RetryableException.create(
            "the answer with status 200 has no element " + missing.get());
      }
    }
  }
}
