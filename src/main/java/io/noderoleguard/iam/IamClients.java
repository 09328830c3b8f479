package io.noderoleguard.iam;

import java.time.Duration;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.IamClientBuilder;
import software.amazon.awssdk.services.iam.model.ConcurrentModificationException;

/** How the guard talks to IAM: the HTTP client, the time that a call may take, and the retries. */
public final class IamClients {

  /** How long to wait for a connection. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** How long one attempt may take. IAM answers within a fraction of a second. */
  static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(4);

  /** How long a call may take with all its attempts. */
  static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

  static {
    // The JDK would send a POST again on a broken connection, behind the SDK's back:
    // https://bugs.openjdk.org/browse/JDK-6382788
    System.setProperty("sun.net.http.retryPost", "false");
  }

  private IamClients() {}

  /**
   * A builder to which nothing need be added: region, credentials and endpoint are the SDK's
   * defaults, so that {@code AWS_ENDPOINT_URL_IAM} and the partition of {@code AWS_REGION} count.
   */
  public static IamClientBuilder builder() {
    return IamClient.builder()
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(ATTEMPT_TIMEOUT))
        .overrideConfiguration(
            override ->
                override
                    .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
                    .apiCallTimeout(CALL_TIMEOUT)
                    .retryStrategy(retries())
                    .addExecutionInterceptor(new ForeignAnswers()));
  }

  /** Bounds a call by what is left of the caller's own time. */
  static AwsRequestOverrideConfiguration within(Duration left) {
    Duration bound = left.compareTo(CALL_TIMEOUT) < 0 ? left : CALL_TIMEOUT;
    // The SDK accepts no time-out that is not positive.
    Duration positive = bound.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : bound;
    return AwsRequestOverrideConfiguration.builder().apiCallTimeout(positive).build();
  }

  /**
   * The SDK's standard retries (three, of throttling, server errors and broken connections), and
   * two more kinds of failure that pass: someone else's concurrent change, and an answer cut short.
   */
  private static StandardRetryStrategy retries() {
    return AwsRetryStrategy.standardRetryStrategy().toBuilder()
        .retryOnException(ConcurrentModificationException.class)
        .retryOnExceptionOrCauseInstanceOf(XMLStreamException.class)
        .build();
  }

  /**
   * Refuses an answer that is not one of IAM's. The SDK takes any with status 200 for success, also
   * a proxy's HTML page; but every answer of IAM's carries a request ID.
   */
  private static final class ForeignAnswers implements ExecutionInterceptor {
    @Override
    public void afterUnmarshalling(Context.AfterUnmarshalling context, ExecutionAttributes call) {
      if (context.response() instanceof AwsResponse response
          && response.responseMetadata().requestId().equals("UNKNOWN")) {
        throw RetryableException.create("the answer is not one of IAM's: it has no RequestId");
      }
    }
  }
}
