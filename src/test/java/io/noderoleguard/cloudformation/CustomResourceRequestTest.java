package io.noderoleguard.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.CloudFormationCustomResourceEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CustomResourceRequestTest {

  private static String text(String name) throws IOException {
    return Files.readString(Path.of("events", name));
  }

  private static JsonObject sample(String name) throws Exception {
    return (JsonObject) Json.parse(text(name));
  }

  @ParameterizedTest
  @CsvSource({"cfn-create.json, Create", "cfn-update.json, Update", "cfn-delete.json, Delete"})
  void requestsOfCloudFormationAreReadAsAwssOwnTypeReadsThem(String file, String requestType)
      throws Exception {
    var theirs =
        LambdaEventSerializers.serializerFor(
                CloudFormationCustomResourceEvent.class, getClass().getClassLoader())
            .fromJson(text(file));

    CustomResourceRequest ours = CustomResourceRequest.read(sample(file), false);

    assertThat(ours.requestType()).isEqualTo(requestType);
    assertThat(ours.requestType()).isEqualTo(theirs.getRequestType());
    assertThat(ours.responseUrl().secret()).hasToString(theirs.getResponseUrl());
    assertThat(ours.stackId()).isEqualTo(theirs.getStackId());
    assertThat(ours.requestId()).isEqualTo(theirs.getRequestId());
    assertThat(ours.logicalResourceId()).isEqualTo(theirs.getLogicalResourceId());
    assertThat(ours.physicalResourceId())
        .isEqualTo(Optional.ofNullable(theirs.getPhysicalResourceId()));
    assertThat(ours.properties().members().keySet())
        .isEqualTo(theirs.getResourceProperties().keySet());
  }
}
