package io.noderoleguard.local.eks;

import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eks.EksClientBuilder;

/** Clients of an EKS on this machine. */
public final class LocalEksClients {

  private LocalEksClients() {}

  /** Points a client there, with credentials that the real EKS would refuse. */
  public static EksClientBuilder pointed(
      EksClientBuilder client, URI endpoint, Optional<String> region) {
    return client
        .endpointOverride(endpoint)
        .region(Region.of(region.orElse("us-east-1")))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
  }
}
