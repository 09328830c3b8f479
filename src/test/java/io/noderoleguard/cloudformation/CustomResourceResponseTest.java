package io.noderoleguard.cloudformation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue.JsonNull;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CustomResourceResponseTest {

  private static CustomResourceRequest request(String logicalId, Optional<String> physicalId) {
    return new CustomResourceRequest(
        "Create",
        ResponseUrl.of("http://localhost/", true).orElseThrow(),
        "stack \"\\/ü\u20ac\uD83D\uDE00\n",
        "request \t",
        logicalId,
        physicalId,
        JsonNull.NULL);
  }

  private static JsonObject sent(CustomResourceResponse response) throws Exception {
    return (JsonObject) Json.parse(new String(response.body(), UTF_8));
  }

  static Stream<String> reasonsAroundTheLimit() {
    // one byte, two, three, four (a surrogate pair), escaped as two, escaped as six
    return Stream.of("a", "ü", "€", "😀", "\"", "\u0001", "a😀", "\uD83D", "\uDE00\uD83D")
        .flatMap(
            character ->
                IntStream.rangeClosed(0, 8)
                    .mapToObj(shift -> "x".repeat(shift) + character.repeat(5_000)));
  }

  @ParameterizedTest
  @MethodSource("reasonsAroundTheLimit")
  void aLongReasonIsCutBetweenTwoCharactersAndAsLittleAsNeedBe(String reason) throws Exception {
    CustomResourceResponse response =
        CustomResourceResponse.failed(request("Role", Optional.empty()), reason);

    assertThat(response.body()).hasSizeBetween(4_096 - 12, 4_096);
    assertThat(sent(response).get("Reason"))
        .isInstanceOfSatisfying(
            JsonString.class,
            cut -> {
              String kept = cut.value().substring(0, cut.value().indexOf("… (cut"));
              // A character that was split, or stands alone, would be a question mark.
              String whole = new String(reason.getBytes(UTF_8), UTF_8);
              assertThat(whole).startsWith(kept);
            });
  }

  @Test
  void aReasonThatJustFitsIsWhole() throws Exception {
    var request = request("Role", Optional.empty());
    int frame = CustomResourceResponse.failed(request, "").body().length;

    byte[] fits = CustomResourceResponse.failed(request, "a".repeat(4_096 - frame)).body();
    byte[] tooLong = CustomResourceResponse.failed(request, "a".repeat(4_097 - frame)).body();

    assertThat(fits).hasSize(4_096);
    assertThat(new String(fits, UTF_8)).doesNotContain("cut");
    assertThat(new String(tooLong, UTF_8)).contains("cut");
    assertThat(tooLong).hasSizeLessThanOrEqualTo(4_096);
  }

  @Test
  void theIdsOfTheRequestAreSentVerbatim() throws Exception {
    var request = request("Logical \"ID\" ü😀", Optional.of("old \\ id"));
    JsonObject failed = sent(CustomResourceResponse.failed(request, "why"));

    assertThat(failed.get("StackId")).isEqualTo(new JsonString(request.stackId()));
    assertThat(failed.get("RequestId")).isEqualTo(new JsonString(request.requestId()));
    assertThat(failed.get("LogicalResourceId"))
        .isEqualTo(new JsonString(request.logicalResourceId()));
    assertThat(failed.get("PhysicalResourceId")).isEqualTo(new JsonString("old \\ id"));
  }

  @Test
  void aPhysicalIdIsNeverEmptyNorTooLongAndStaysTheSame() {
    var request = request("x".repeat(2_000), Optional.empty());

    assertThat(CustomResourceResponse.failed(request, "a").physicalResourceId())
        .hasSize(1_024)
        .startsWith("failed-x")
        .isEqualTo(CustomResourceResponse.failed(request, "b").physicalResourceId());
    assertThat(CustomResourceResponse.deleted(request).physicalResourceId()).hasSize(1_024);
  }

  @Test
  void dataIsNeverCut() throws Exception {
    var request = request("Role", Optional.of("id"));
    var tooMuch =
        new CustomResourceResponse(
            request, "id", Optional.empty(), Map.of("Arn", "x".repeat(4_096)));

    JsonObject sent = sent(tooMuch);

    assertThat(sent.get("Status")).isEqualTo(new JsonString("FAILED"));
    assertThat(sent.get("Data")).isEqualTo(JsonNull.NULL);
    assertThat(tooMuch.body()).hasSizeLessThan(4_096);
  }
}
