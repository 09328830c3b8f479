package io.noderoleguard.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Huge and broken documents are understood or refused, soon, and are never the right one. */
@Timeout(30)
final class PolicyFromHellTest {

  private static final String RIGHT =
      """
      {"Version":"2012-10-17","Id":"i","Statement":[{"Sid":"s","Effect":"Allow",\
      "Principal":{"Service":["ec2.amazonaws.com"]},"Action":["sts:AssumeRole"],\
      "Condition":{"StringEquals":{"aws:SourceAccount":["1"]}}}]}""";

  private static String list(int length, IntFunction<String> element) {
    return IntStream.range(0, length).mapToObj(element).collect(Collectors.joining(",", "[", "]"));
  }

  private static String document(String statements) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":%s}".formatted(statements);
  }

  private static String statement(String principals, String actions) {
    return "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":%s},\"Action\":%s}"
        .formatted(principals, actions);
  }

  @Test
  void thousandsOfStatementsAreCompared() throws Exception {
    IntFunction<String> each = i -> statement("\"%d\"".formatted(i), "\"sts:AssumeRole\"");
    PolicyDocument forwards = PolicyReader.read(document(list(5_000, each)));
    PolicyDocument backwards = PolicyReader.read(document(list(5_000, i -> each.apply(4_999 - i))));

    assertThat(forwards).isEqualTo(backwards);
    assertThat(forwards.differencesFrom(backwards)).isEmpty();
    assertThat(forwards.differencesFrom(PolicyReader.read(document(list(4_999, each)))))
        .containsExactly("also trusts 4999");
    assertThat(forwards.differencesFrom(PolicyReader.read(RIGHT))).hasSize(5_001);
  }

  @Test
  void ninetyThousandValuesAreCompared() throws Exception {
    String values = list(90_000, "\"%d\""::formatted);
    String given = RIGHT.replace("[\"1\"]", values);

    assertThat(PolicyReader.read(given)).isEqualTo(PolicyReader.read(given + "\n"));
    assertThat(PolicyReader.read(given)).isNotEqualTo(PolicyReader.read(RIGHT));
  }

  @Test
  void aProductOfLongListsIsRefusedBeforeItIsMade() {
    String thousands = list(3_000, "\"a:%d\""::formatted);

    assertThatThrownBy(() -> PolicyReader.read(document(statement(thousands, thousands))))
        .isInstanceOf(MalformedPolicyException.class)
        .hasMessageContaining("combines more than 100,000");
  }

  @Test
  void aProductWithLongConditionsIsRefusedToo() {
    String hundred = list(100, "\"a:%d\""::formatted);
    String conditional =
        statement(hundred, hundred)
            .replaceFirst(
                "\\{",
                "{\"Condition\":{\"StringEquals\":{\"a:b\":%s}},"
                    .formatted(list(1_000, "\"%d\""::formatted)));

    assertThatThrownBy(() -> PolicyReader.read(document(conditional)))
        .isInstanceOf(MalformedPolicyException.class)
        .hasMessageContaining("combines more than 100,000");
  }

  @Test
  void manyStatementsThatTogetherCombineTooMuchAreRefused() {
    String hundreds = list(300, "\"a:%d\""::formatted);
    String statements = list(2, _ -> statement(hundreds, hundreds));

    assertThatThrownBy(() -> PolicyReader.read(document(statements)))
        .isInstanceOf(MalformedPolicyException.class)
        .hasMessageContaining("combines more than 100,000");
  }

  static Stream<Arguments> brokenTexts() {
    return Stream.of(
        arguments("a byte order mark", "\ufeff" + RIGHT),
        arguments("something after it", RIGHT + "{}"),
        arguments("cut short", RIGHT.substring(0, RIGHT.length() - 1)),
        arguments("a comment", RIGHT.replace("\"Effect\"", "/**/\"Effect\"")),
        arguments("a comma too many", RIGHT.replace("]}}}]}", "]}}},]}")),
        arguments("apostrophes", RIGHT.replace('"', '\'')),
        arguments("NaN", RIGHT.replace("[\"1\"]", "NaN")),
        arguments("a number that is none", RIGHT.replace("[\"1\"]", "01")),
        arguments("a number of 2,000 digits", RIGHT.replace("[\"1\"]", "1".repeat(2_000))),
        arguments("a control character", RIGHT.replace("ec2", "ec\n2")),
        arguments("an escape that is none", RIGHT.replace("ec2", "\\x65c2")),
        arguments("an object within itself", RIGHT.replace("[\"1\"]", "{\"a\":".repeat(10_000))),
        arguments("a list within itself", RIGHT.replace("[\"1\"]", "[".repeat(10_000))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenTexts")
  void aBrokenTextIsRefused(String what, String text) {
    assertThatThrownBy(() -> PolicyReader.read(text))
        .isInstanceOfSatisfying(
            MalformedPolicyException.class,
            malformed -> assertThat(malformed.reason()).isNotBlank().hasSizeLessThan(200));
  }

  static Stream<String> values() {
    return Stream.of(
        "null",
        "true",
        "0",
        "-1e999",
        "\"\"",
        "\"*\"",
        "\"\\u0000\"",
        "[]",
        "[[]]",
        "[null]",
        "[{}]",
        "{}",
        "{\"a\":null}",
        "{\"a\":{}}",
        "[\"a\",1]");
  }

  /** Each value of the right document, replaced by each of the others. */
  @ParameterizedTest
  @MethodSource("values")
  void aWrongValueAnywhereIsRefusedOrMakesADifference(String wrong) throws Exception {
    PolicyDocument right = PolicyReader.read(RIGHT);
    for (String replaced : replacements(wrong)) {
      PolicyDocument parsed;
      try {
        parsed = PolicyReader.read(replaced);
      } catch (MalformedPolicyException malformed) {
        assertThat(malformed.reason()).isNotBlank();
        continue;
      }
      // What has no meaning may be anything that has its type.
      boolean hasNoMeaning =
          replaced.contains("\"Id\":" + wrong) || replaced.contains("\"Sid\":" + wrong);
      assertThat(parsed.equals(right)).as(replaced).isEqualTo(hasNoMeaning);
    }
  }

  private static List<String> replacements(String wrong) {
    List<String> replaced = new ArrayList<>();
    for (String value :
        List.of(
            "\"2012-10-17\"",
            "\"i\"",
            "\"s\"",
            "\"Allow\"",
            "\"ec2.amazonaws.com\"",
            "[\"ec2.amazonaws.com\"]",
            "{\"Service\":[\"ec2.amazonaws.com\"]}",
            "\"sts:AssumeRole\"",
            "[\"sts:AssumeRole\"]",
            "\"1\"",
            "[\"1\"]",
            "{\"aws:SourceAccount\":[\"1\"]}",
            "{\"StringEquals\":{\"aws:SourceAccount\":[\"1\"]}}")) {
      assertThat(RIGHT).contains(value);
      replaced.add(RIGHT.replace(value, wrong));
    }
    replaced.add(RIGHT.replaceFirst("\"Statement\":.*", "\"Statement\":" + wrong + "}"));
    replaced.add(wrong);
    return replaced;
  }

  @ParameterizedTest
  @MethodSource("objects")
  void anUnknownMemberAnywhereIsRefused(String object) {
    String more = RIGHT.replace(object, object.replaceFirst("\\{", "{\"Else\":\"x\","));

    assertThatThrownBy(() -> PolicyReader.read(more))
        .isInstanceOf(MalformedPolicyException.class)
        .hasMessageContaining("unknown member [Else]");
  }

  @ParameterizedTest
  @MethodSource("allObjects")
  void aMemberThatIsThereTwiceIsRefusedAnywhere(String object) {
    String member = object.substring(1, object.indexOf('"', 2) + 1);
    String twice = RIGHT.replace(object, "{" + member + ":\"x\"," + object.substring(1));

    assertThatThrownBy(() -> PolicyReader.read(twice))
        .isInstanceOf(MalformedPolicyException.class)
        .hasMessageContaining("the member %s is there twice".formatted(member));
  }

  static Stream<String> objects() {
    return Stream.of("{\"Version\":", "{\"Sid\":", "{\"Service\":");
  }

  static Stream<String> allObjects() {
    return Stream.concat(objects(), Stream.of("{\"StringEquals\":", "{\"aws:SourceAccount\":"));
  }
}
