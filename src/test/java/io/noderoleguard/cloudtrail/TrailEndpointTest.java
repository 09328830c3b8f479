package io.noderoleguard.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.aws.ServiceEndpoint;
import io.noderoleguard.role.Partition;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrailEndpointTest {

  private static Optional<ServiceEndpoint> endpoint(
      String partition, Map<String, String> settings) {
    return TrailEndpoint.of(
        new Partition(partition),
        Optional.empty(),
        name -> Optional.ofNullable(settings.get(name)));
  }

  @ParameterizedTest
  @CsvSource({
    "aws, us-east-1, https://cloudtrail.us-east-1.amazonaws.com",
    "aws-cn, cn-north-1, https://cloudtrail.cn-north-1.amazonaws.com.cn",
    "aws-us-gov, us-gov-west-1, https://cloudtrail.us-gov-west-1.amazonaws.com",
    "aws-eusc, eusc-de-east-1, https://cloudtrail.eusc-de-east-1.amazonaws.eu"
  })
  void eachPartitionHasOneRegionWithTheEventsOfIam(String partition, String region, URI url) {
    assertThat(endpoint(partition, Map.of()))
        .contains(new ServiceEndpoint("cloudtrail", region, url));
  }

  @Test
  void theTemplateMayAskInTheSameRegions() throws Exception {
    String template = Files.readString(Path.of("template.yaml"));

    TrailEndpoint.REGIONS.forEach(
        (partition, region) ->
            assertThat(template)
                .contains("    %s:\n      Region: %s\n".formatted(partition, region)));
  }

  @Test
  void theOwnerMayKnowBetter() {
    assertThat(TrailEndpoint.of(Partition.AWS, Optional.of("eu-central-1"), _ -> Optional.empty()))
        .contains(
            new ServiceEndpoint(
                "cloudtrail",
                "eu-central-1",
                URI.create("https://cloudtrail.eu-central-1.amazonaws.com")));
  }

  @Test
  void inAnUnknownPartitionNothingIsAsked() {
    assertThat(endpoint("aws-iso", Map.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_ENDPOINT_URL_CLOUDTRAIL",
    "aws.endpointUrlCloudTrail",
    "AWS_ENDPOINT_URL",
    "aws.endpointUrl"
  })
  void anotherEndpointCanBeNamed(String setting) {
    assertThat(
            endpoint(
                "aws", Map.of(setting, "http://localhost:1", "AWS_ENDPOINT_URL_IAM", "http://x")))
        .contains(new ServiceEndpoint("cloudtrail", "us-east-1", URI.create("http://localhost:1")));
  }

  @ParameterizedTest
  @CsvSource({"AWS_ENDPOINT_URL_IAM", "aws.endpointUrlIam"})
  void theEventsOfAnotherIamAreNotAtAws(String setting) {
    assertThat(endpoint("aws", Map.of(setting, "http://localhost:1"))).isEmpty();
    assertThat(endpoint("aws", Map.of(setting, " "))).isPresent();
  }
}
