package io.noderoleguard.local.iam;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClientBuilder;

/** Clients of an IAM on this machine. */
public final class LocalClients {

  private LocalClients() {}

  /** Points a client there, with credentials that the real IAM would refuse. */
  public static IamClientBuilder pointed(IamClientBuilder client, URI endpoint) {
    return client
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
  }
}
