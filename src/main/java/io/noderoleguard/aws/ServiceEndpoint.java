package io.noderoleguard.aws;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Where a service is called without a client of the SDK.
 *
 * @param signingName the service's name in its host and in a signature
 * @param region the Region for which a call is signed
 */
public record ServiceEndpoint(String signingName, String region, URI url) {

  private static final Map<String, String> DOMAINS =
      Map.of(
          "aws", "amazonaws.com",
          "aws-cn", "amazonaws.com.cn",
          "aws-us-gov", "amazonaws.com",
          "aws-eusc", "amazonaws.eu");

  /**
   * The endpoint of a service; empty where the partition is not known, or where IAM is another than
   * AWS's and this service is not named too: it would not belong to that IAM.
   *
   * @param serviceId the service's name in settings, such as {@code CloudTrail}
   * @param setting looks up an environment variable or a system property, by either's name; see <a
   *     href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html">endpoints
   *     </a>
   */
  public static Optional<ServiceEndpoint> of(
      String serviceId,
      String signingName,
      String partition,
      String region,
      Function<String, Optional<String>> setting) {
    return Optional.ofNullable(DOMAINS.get(partition))
        .flatMap(
            domain ->
                named(serviceId, setting)
                    .or(
                        () ->
                            isAnotherIam(setting)
                                ? Optional.empty()
                                : Optional.of(
                                    "https://%s.%s.%s".formatted(signingName, region, domain))))
        .map(url -> new ServiceEndpoint(signingName, region, URI.create(url)));
  }

  /** Environment variables and system properties of this process. */
  public static Optional<String> ofProcess(String name) {
    return Optional.ofNullable(System.getenv(name))
        .or(() -> Optional.ofNullable(System.getProperty(name)));
  }

  private static Optional<String> named(
      String serviceId, Function<String, Optional<String>> setting) {
    return first(
        setting,
        "AWS_ENDPOINT_URL_" + serviceId.toUpperCase(Locale.ROOT),
        "aws.endpointUrl" + serviceId,
        "AWS_ENDPOINT_URL",
        "aws.endpointUrl");
  }

  private static boolean isAnotherIam(Function<String, Optional<String>> setting) {
    return first(setting, "AWS_ENDPOINT_URL_IAM", "aws.endpointUrlIam").isPresent();
  }

  private static Optional<String> first(
      Function<String, Optional<String>> setting, String... names) {
    return Stream.of(names)
        .flatMap(name -> setting.apply(name).stream())
        .filter(value -> !value.isBlank())
        .findFirst();
  }
}
