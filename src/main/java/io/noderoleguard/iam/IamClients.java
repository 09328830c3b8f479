package io.noderoleguard.iam;

import io.noderoleguard.aws.AwsClients;
import io.noderoleguard.aws.CallLimits;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.IamClientBuilder;
import software.amazon.awssdk.services.iam.model.ConcurrentModificationException;

/** Clients of IAM. */
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
    return withoutHttp(limits).httpClientBuilder(AwsClients.http(limits));
  }

  /** The same, for another HTTP client. */
  static IamClientBuilder withoutHttp(CallLimits limits) {
    return IamClient.builder()
        .overrideConfiguration(
            AwsClients.configuration(
                limits,
                // The SDK does not retry after someone else's concurrent change.
                ConcurrentModificationException.class::isInstance,
                ExpectedElements::missingFrom));
  }
}
