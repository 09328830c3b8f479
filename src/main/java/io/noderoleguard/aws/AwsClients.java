package io.noderoleguard.aws;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;

/** How the guard talks to AWS: the HTTP client, the time that a call may take, and the retries. */
public final class AwsClients {

  private AwsClients() {}

  /** The JDK's own HTTP client, which starts faster than the SDK's others. */
  public static UrlConnectionHttpClient.Builder http(CallLimits limits) {
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(limits.connect())
        .socketTimeout(limits.attempt());
  }

  /**
   * The configuration of a client.
   *
   * @param isTransient what may pass besides what the SDK takes for transient
   * @param missingElement the first element that a response should have and does not
   */
  public static ClientOverrideConfiguration configuration(
      CallLimits limits,
      Predicate<Throwable> isTransient,
      Function<SdkResponse, Optional<String>> missingElement) {
    return ClientOverrideConfiguration.builder()
        .apiCallAttemptTimeout(limits.attempt())
        .apiCallTimeout(limits.call())
        .retryStrategy(retries(limits, isTransient))
        .addExecutionInterceptor(new UnusableResponses(missingElement))
        .build();
  }

  /**
   * What the SDK takes for transient (server errors, broken connections), a response cut short, be
   * it an error, and what the service adds.
   */
  private static RetryStrategy retries(CallLimits limits, Predicate<Throwable> isTransient) {
    return new ThrottlingNotRetried(
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(limits.attempts())
            .backoffStrategy(
                BackoffStrategy.exponentialDelay(limits.pause(), limits.longestPause()))
            .retryOnException(isTransient)
            .retryOnRootCauseInstanceOf(XMLStreamException.class)
            .retryOnException(
                thrown ->
                    thrown instanceof AwsServiceException refused
                        && AwsCall.errorCode(refused).isEmpty())
            .build());
  }

  /**
   * Refuses a response that is not AWS's or not to this call. The SDK takes any with status 200 for
   * success, also a proxy's HTML page, and leaves out what it does not find: a list would be empty.
   */
  private record UnusableResponses(Function<SdkResponse, Optional<String>> missingElement)
      implements ExecutionInterceptor {
    @Override
    public void afterUnmarshalling(Context.AfterUnmarshalling context, ExecutionAttributes call) {
      Optional<String> missing = missingElement.apply(context.response());
      if (missing.isPresent()) {
        throw RetryableException.create(
            "the response with status 200 has no element " + missing.get());
      }
    }
  }
}
