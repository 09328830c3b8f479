package io.noderoleguard.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonBoolean;
import io.noderoleguard.json.JsonValue.JsonNull;
import io.noderoleguard.json.JsonValue.JsonNumber;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

  @Test
  void everyKindOfValueIsRead() throws Exception {
    assertThat(Json.parse("{\"a\":[\"s\",1.50,true,null]}"))
        .isEqualTo(
            JsonObject.with()
                .member(
                    "a",
                    new JsonArray(
                        List.of(
                            new JsonString("s"),
                            new JsonNumber("1.50"),
                            new JsonBoolean(true),
                            JsonNull.NULL)))
                .build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":{\"b\":[1,-2.5e10,true,false,null,\"x\"]},\"c\":\"\"}",
        "[]",
        "\"\\\"\\\\\\n\"",
        "{\"z\":1,\"a\":2}"
      })
  void whatIsReadIsWrittenAsItWas(String text) throws Exception {
    assertThat(Json.write(Json.parse(text))).isEqualTo(text);
  }

  static Stream<Arguments> malformedTexts() {
    return Stream.of(
        // text, reason
        arguments("", "it is empty"),
        arguments("  ", "it is empty"),
        arguments("{", "it is not valid JSON (line 1, column 2)"),
        arguments("[1,]", "it is not valid JSON (line 1, column 5)"),
        arguments("{\"a\":1}\n{}", "something follows the JSON value (line 2, column 2)"),
        arguments("{\"a\":1,\"a\":1}", "the member \"a\" is there twice"),
        arguments("{'a':1}", "it is not valid JSON (line 1, column 3)"),
        arguments("NaN", "it is not valid JSON (line 1, column 4)"));
  }

  private static String refusal(ThrowingCallable reading) {
    return catchThrowableOfType(MalformedJsonException.class, reading).reason();
  }

  @ParameterizedTest
  @MethodSource("malformedTexts")
  void whatIsNotOneJsonValueIsRefused(String text, String reason) {
    assertThat(refusal(() -> Json.parse(text))).isEqualTo(reason);
  }

  static Stream<String> textsAtTheLimits() {
    return Stream.of(
        "[".repeat(64) + "]".repeat(64),
        "[" + "1,".repeat(99_997) + "1]",
        "1".repeat(1_000),
        "{\"%s\":1}".formatted("a".repeat(1_000)));
  }

  @ParameterizedTest
  @MethodSource("textsAtTheLimits")
  void whatIsAtALimitIsRead(String text) throws Exception {
    assertThat(Json.write(Json.parse(text))).isEqualTo(text);
  }

  static Stream<String> textsBeyondTheLimits() {
    return Stream.of(
        "[".repeat(65) + "]".repeat(65),
        "[" + "1,".repeat(99_998) + "1]",
        "1".repeat(1_001),
        "{\"%s\":1}".formatted("a".repeat(1_001)));
  }

  @ParameterizedTest
  @MethodSource("textsBeyondTheLimits")
  void valuesBeyondALimitAreRefusedAndTheLimitsNamed(String text) {
    assertThat(refusal(() -> Json.parse(text)))
        .startsWith(
            "it is more than is read: at most 64 levels, 100,000 values, names and brackets, and"
                + " 1,000 characters of a name or a number (line 1, column ")
        .hasSizeLessThan(200);
  }

  static Stream<Arguments> bytesThatAreNotUtf8() {
    return Stream.of(
        // bytes, reason
        arguments("{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1), "it is not UTF-8"),
        arguments("{}".getBytes(StandardCharsets.UTF_16), "it is not UTF-8"),
        arguments(
            "{}".getBytes(StandardCharsets.UTF_16LE), "it is not valid JSON (line 1, column 3)"),
        arguments(new byte[] {0, 1, 0, 0}, "it is not valid JSON (line 1, column 2)"));
  }

  @ParameterizedTest
  @MethodSource("bytesThatAreNotUtf8")
  void noEncodingIsGuessed(byte[] bytes, String reason) {
    assertThat(refusal(() -> Json.parse(new ByteArrayInputStream(bytes)))).isEqualTo(reason);
  }

  @Test
  void halfOfASurrogatePairIsReadAsItIs() throws Exception {
    assertThat(Json.parse("\"\ud800\"")).isEqualTo(new JsonString("\ud800"));
  }

  @Test
  void aReasonDoesNotQuoteTheText() {
    assertThatThrownBy(() -> Json.parse("{\"ResponseURL\": https://secret}"))
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("https");
  }
}
