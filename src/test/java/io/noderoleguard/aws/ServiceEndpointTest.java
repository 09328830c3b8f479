package io.noderoleguard.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServiceEndpointTest {

  private static Optional<URI> bus(String partition, String region, Map<String, String> settings) {
    return ServiceEndpoint.of(
            "EventBridge",
            "events",
            partition,
            region,
            name -> Optional.ofNullable(settings.get(name)))
        .map(ServiceEndpoint::url);
  }

  @ParameterizedTest
  @CsvSource({
    "aws, eu-central-1, https://events.eu-central-1.amazonaws.com",
    "aws-cn, cn-northwest-1, https://events.cn-northwest-1.amazonaws.com.cn",
    "aws-us-gov, us-gov-east-1, https://events.us-gov-east-1.amazonaws.com",
    "aws-eusc, eusc-de-east-1, https://events.eusc-de-east-1.amazonaws.eu"
  })
  void aServiceIsCalledInItsRegion(String partition, String region, URI url) {
    assertThat(bus(partition, region, Map.of())).contains(url);
  }

  @Test
  void inAnUnknownPartitionNothingIsCalled() {
    assertThat(bus("aws-iso", "us-iso-east-1", Map.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_ENDPOINT_URL_EVENTBRIDGE",
    "aws.endpointUrlEventBridge",
    "AWS_ENDPOINT_URL",
    "aws.endpointUrl"
  })
  void besidesAnotherIamAServiceIsOnlyCalledWhereItIsNamed(String setting) {
    assertThat(
            bus(
                "aws",
                "us-east-1",
                Map.of(setting, "http://localhost:1", "AWS_ENDPOINT_URL_IAM", "http://x")))
        .contains(URI.create("http://localhost:1"));
    assertThat(bus("aws", "us-east-1", Map.of(setting, " ", "AWS_ENDPOINT_URL_IAM", "http://x")))
        .isEmpty();
  }
}
