package io.noderoleguard.cloudtrail;

import io.noderoleguard.role.Partition;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Where a partition's IAM events are: IAM is global, and CloudTrail <a
 * href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events">
 * keeps its events in one Region</a>.
 *
 * @param region the Region for which a call is signed
 */
record TrailEndpoint(String region, URI url) {

  private record Home(String region, String domain) {}

  private static final Map<String, Home> HOMES =
      Map.of(
          "aws", new Home("us-east-1", "amazonaws.com"),
          "aws-cn", new Home("cn-north-1", "amazonaws.com.cn"),
          "aws-us-gov", new Home("us-gov-west-1", "amazonaws.com"),
          "aws-eusc", new Home("eusc-de-east-1", "amazonaws.eu"));

  /**
   * The endpoint for a partition; empty where it is not known, or where IAM is another than AWS's
   * and no CloudTrail is named: that IAM's events are not at AWS.
   *
   * @param setting looks up an environment variable or a system property, by either's name; see <a
   *     href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html">endpoints
   *     </a>
   */
  static Optional<TrailEndpoint> of(
      Partition partition, Function<String, Optional<String>> setting) {
    return Optional.ofNullable(HOMES.get(partition.id()))
        .flatMap(
            home ->
                url(home, setting).map(url -> new TrailEndpoint(home.region(), URI.create(url))));
  }

  private static Optional<String> url(Home home, Function<String, Optional<String>> setting) {
    Optional<String> named =
        first(
            setting,
            "AWS_ENDPOINT_URL_CLOUDTRAIL",
            "aws.endpointUrlCloudTrail",
            "AWS_ENDPOINT_URL",
            "aws.endpointUrl");
    if (named.isPresent()) {
      return named;
    }
    return first(setting, "AWS_ENDPOINT_URL_IAM", "aws.endpointUrlIam").isPresent()
        ? Optional.empty()
        : Optional.of("https://cloudtrail.%s.%s".formatted(home.region(), home.domain()));
  }

  private static Optional<String> first(
      Function<String, Optional<String>> setting, String... names) {
    return Stream.of(names)
        .flatMap(name -> setting.apply(name).stream())
        .filter(value -> !value.isBlank())
        .findFirst();
  }

  /** Environment variables and system properties of this process. */
  static Optional<String> ofProcess(String name) {
    return Optional.ofNullable(System.getenv(name))
        .or(() -> Optional.ofNullable(System.getProperty(name)));
  }
}
