package io.noderoleguard.cloudtrail;

import io.noderoleguard.aws.ServiceEndpoint;
import io.noderoleguard.role.Partition;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where a partition's IAM events are: IAM is global, and CloudTrail <a
 * href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events">
 * keeps its events in one Region</a>.
 */
final class TrailEndpoint {

  /** The same as the mapping IamEvents of template.yaml. */
  static final Map<String, String> REGIONS =
      Map.of(
          "aws", "us-east-1",
          "aws-cn", "cn-north-1",
          "aws-us-gov", "us-gov-west-1",
          "aws-eusc", "eusc-de-east-1");

  private TrailEndpoint() {}

  /**
   * CloudTrail's endpoint for a partition; empty where it is not known, or where IAM is another
   * than AWS's and no CloudTrail is named.
   *
   * @param region the Region of IAM's events, if it is not the partition's usual one
   * @param setting see {@link ServiceEndpoint#of}
   */
  static Optional<ServiceEndpoint> of(
      Partition partition, Optional<String> region, Function<String, Optional<String>> setting) {
    return region
        .or(() -> Optional.ofNullable(REGIONS.get(partition.id())))
        .flatMap(
            where ->
                ServiceEndpoint.of("CloudTrail", "cloudtrail", partition.id(), where, setting));
  }
}
