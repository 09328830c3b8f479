package io.noderoleguard.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class NamedPrincipalsTest {

  static Stream<Arguments> documents() {
    return Stream.of(
        // document, principals
        arguments("{}", List.of()),
        arguments("", List.of()),
        arguments("{'Statement':{'Principal':'*'}}", List.of("everyone (*)")),
        arguments(
            "{'Statement':[{'Principal':{'AWS':['b','a'],'Service':'c'}},{'NotPrincipal':{'AWS':'a'}}]}",
            List.of("a", "b", "c")),
        arguments("{'Statement':{'principal':{'Federated':'x'}}}", List.of("Federated x")),
        arguments(
            "{'New':{'Deeper':[{'Principal':{'AWS':123456789012}}]}}", List.of("123456789012")),
        arguments("{'Statement':{'Principal':[{'AWS':['a',['b']]},null,true]}}", List.of("a", "b")),
        arguments("{'Condition':{'StringEquals':{'aws:PrincipalArn':'a'}}}", List.of()),
        arguments(
            "{'Principal':{'AWS':'arn:aws:iam::999999999999:root','AWS':['123456789012','*'],"
                + "'Service':'eks.amazonaws.com','x':'ec2.amazonaws.com.cn'",
            List.of(
                "123456789012",
                "arn:aws:iam::999999999999:root",
                "ec2.amazonaws.com.cn",
                "eks.amazonaws.com",
                "everyone (*)")));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void whoIsNamedIsFoundWhateverElseIsSaid(String document, List<String> principals) {
    assertThat(NamedPrincipals.in(document.replace('\'', '"'))).isEqualTo(principals);
  }

  @Test
  void aTextMadeToTakeLongTakesNone() {
    String hostile = ("a.".repeat(50) + "amazonaws.co ").repeat(500);

    assertThat(NamedPrincipals.in(hostile)).isEmpty();
  }

  @Test
  void wildcardsMatchWithoutBacktracking() {
    assertThat(Wildcards.match("*a".repeat(1_000), "a".repeat(500) + "b")).isFalse();
    assertThat(Wildcards.match("sts:*", "sts:AssumeRole")).isTrue();
    assertThat(Wildcards.match("sts:?agSession", "sts:TagSession")).isTrue();
    assertThat(Wildcards.match("sts:Tag", "sts:TagSession")).isFalse();
  }
}
