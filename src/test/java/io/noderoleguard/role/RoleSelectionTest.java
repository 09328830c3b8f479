package io.noderoleguard.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RoleSelectionTest {

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
    assertThat(RoleSelection.of(List.of(pattern)).target(roleName).isPresent()).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "**", "?", "*?*", "??????"})
  void aPatternOfEverythingIsRefused(String pattern) {
    assertThat(RoleSelection.problemWith(pattern))
        .hasValueSatisfying(problem -> assertThat(problem).contains("would match every role"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b*", "role/*", "arn:*"})
  void aPatternOfOtherCharactersIsRefused(String pattern) {
    assertThat(RoleSelection.problemWith(pattern)).isPresent();
  }

  @Test
  void aPatternIsAtMost64CharactersLong() {
    assertThat(RoleSelection.problemWith("*" + "a".repeat(63))).isEmpty();
    assertThat(RoleSelection.problemWith("*" + "a".repeat(64))).isPresent();
  }

  @Test
  void onlyARoleGuardedByItsNameMayBeCreated() {
    RoleSelection roles = RoleSelection.of(List.of("a", "b*", "c"));

    assertThat(roles.exact()).containsExactly("a", "c");
    assertThat(roles.target("a")).contains(new Target("a", true));
    assertThat(roles.target("b1")).contains(new Target("b1", false));
    assertThat(roles.target("d")).isEmpty();
    assertThat(roles).hasToString("a, c, b*");
  }

  @Test
  void aPatternIsNoRoleThatItMatches() {
    assertThat(RoleSelection.of(List.of("b*")).target("b*")).isEmpty();
  }

  @Test
  void aPatternFullOfAsterisksIsMatchedInNoTime() {
    RoleSelection roles = RoleSelection.of(List.of("*a".repeat(32)));

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> assertThat(roles.target("a".repeat(31) + "b".repeat(33))).isEmpty());
  }
}
