package io.noderoleguard.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RoleNamesTest {

  @ParameterizedTest
  @CsvSource({
    // pattern, role name, whether it matches
    "eksctl-*-NodeInstanceRole-*, eksctl-a-nodegroup-b-NodeInstanceRole-1ABC, true",
    "eksctl-*-NodeInstanceRole-*, eksctl--NodeInstanceRole-, true",
    "eksctl-*-NodeInstanceRole-*, eksctl-a-NodeInstanceRole, false",
    "Node*, NodeInstanceRole, true",
    "Node*, Node, true",
    "Node*, MyNode, false",
    "*Node, MyNode, true",
    "*Node, NodeNodeNod, false",
    "*Node, NodeNodeNode, true",
    "Node?, Node1, true",
    "Node?, Node, false",
    "Node?, Node12, false",
    "N?d*e, Noode, false",
    "N?d*e, Nodee, true",
    "a**b, ab, true",
    "node*, NodeRole, false",
    "a.*, aXb, false",
    "a.*, a.b, true",
    "a+*, aab, false",
  })
  void wildcardsMeanWhatTheyMeanInIam(String pattern, String roleName, boolean matches) {
    assertThat(RoleNames.of(List.of(pattern)).cover(roleName)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "**", "?", "*?*", "??????"})
  void aPatternOfEverythingIsRefused(String pattern) {
    assertThat(RoleNames.problemWith(pattern))
        .hasValueSatisfying(problem -> assertThat(problem).contains("would match every role"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b*", "role/*", "arn:*"})
  void aPatternOfOtherCharactersIsRefused(String pattern) {
    assertThat(RoleNames.problemWith(pattern)).isPresent();
  }

  @Test
  void aPatternIsAtMost64CharactersLong() {
    assertThat(RoleNames.problemWith("*" + "a".repeat(63))).isEmpty();
    assertThat(RoleNames.problemWith("*" + "a".repeat(64))).isPresent();
  }

  @Test
  void namesAndPatternsAreToldApart() {
    RoleNames names = RoleNames.of(List.of("a", "b*", "c"));

    assertThat(names.exact()).containsExactly("a", "c");
    assertThat(names.names("a")).isTrue();
    assertThat(names.names("b1")).isFalse();
    assertThat(names.cover("a")).isTrue();
    assertThat(names.cover("b1")).isTrue();
    assertThat(names.cover("d")).isFalse();
    assertThat(names).hasToString("a, c, b*");
  }

  @Test
  void aPatternFullOfAsterisksIsMatchedInNoTime() {
    RoleNames names = RoleNames.of(List.of("*a".repeat(32)));

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> assertThat(names.cover("a".repeat(31) + "b".repeat(33))).isFalse());
  }
}
