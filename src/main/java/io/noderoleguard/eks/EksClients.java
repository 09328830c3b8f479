package io.noderoleguard.eks;

import io.noderoleguard.aws.AwsClients;
import io.noderoleguard.aws.CallLimits;
import java.io.IOException;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.EksClientBuilder;

/** Clients of EKS. */
public final class EksClients {

  private EksClients() {}

  /**
   * A builder to which nothing need be added: Region, credentials and endpoint are the SDK's
   * defaults, so that {@code AWS_ENDPOINT_URL_EKS} counts.
   */
  public static EksClientBuilder builder() {
    return builder(CallLimits.DEFAULT);
  }

  /** The same with other limits than {@link CallLimits#DEFAULT}. */
  public static EksClientBuilder builder(CallLimits limits) {
    return EksClient.builder()
        .httpClientBuilder(AwsClients.http(limits))
        .overrideConfiguration(
            AwsClients.configuration(limits, EksClients::isCutShort, ExpectedMembers::missingFrom));
  }

  /** Whether a response was no JSON, or ended early. */
  private static boolean isCutShort(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause != null && (cause instanceof IOException || isCutShort(cause));
  }
}
