package io.noderoleguard.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IamRulesTest {

  @ParameterizedTest
  @ValueSource(strings = {"NodeInstanceRole", "a", "stack-NodeInstanceRole-1ABC=,.@_+"})
  void roleNamesOfIamAreAccepted(String name) {
    assertThat(IamRules.roleName(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "é", "a*", "a:b"})
  void otherRoleNamesAreNot(String name) {
    assertThat(IamRules.roleName(name)).hasValueSatisfying(it -> assertThat(it).contains(name));
  }

  @ParameterizedTest
  @CsvSource({"64, true", "65, false"})
  void aRoleNameHasAtMost64Characters(int length, boolean accepted) {
    assertThat(IamRules.roleName("a".repeat(length)).isEmpty()).isEqualTo(accepted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/eks/", "/eks/nodes/", "/!~/"})
  void pathsOfIamAreAccepted(String path) {
    assertThat(IamRules.path(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "eks", "/eks", "eks/", "/a b/"})
  void otherPathsAreNot(String path) {
    assertThat(IamRules.path(path)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AmazonEKS_CNI_Policy",
        "service-role/AmazonEC2ContainerServiceforEC2Role",
        "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
        "arn:aws-us-gov:iam::123456789012:policy/eks/Own"
      })
  void policiesAreNamesOrArns(String policy) {
    assertThat(IamRules.policy(policy)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "arn:aws:iam::123456789012:role/x",
        "arn:aws:iam::12:policy/x",
        "arn:aws:s3:::bucket"
      })
  void otherPoliciesAreNot(String policy) {
    assertThat(IamRules.policy(policy)).isPresent();
  }

  @Test
  void aBoundaryIsAnArn() {
    assertThat(IamRules.permissionsBoundary("arn:aws:iam::aws:policy/PowerUserAccess")).isEmpty();
    assertThat(IamRules.permissionsBoundary("PowerUserAccess")).isPresent();
  }

  @Test
  void tagsAreThoseOfIam() {
    assertThat(IamRules.tag("Team 1/x", "")).isEmpty();
    assertThat(IamRules.tag("", "x")).isPresent();
    assertThat(IamRules.tag("a", "#")).isPresent();
    assertThat(IamRules.tag("AWS:x", "y")).isPresent();
    assertThat(IamRules.tag("k".repeat(129), "y")).isPresent();
    assertThat(IamRules.tag("k", "v".repeat(257))).isPresent();
  }

  @Test
  void tagKeysIgnoreLetterCaseAndAreAtMostFifty() {
    Map<String, String> twins = new LinkedHashMap<>();
    twins.put("Team", "a");
    twins.put("team", "b");
    Map<String, String> many =
        IntStream.range(0, 51).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v"));

    assertThat(IamRules.tags(twins)).isPresent();
    assertThat(IamRules.tags(many)).isPresent();
    assertThat(IamRules.tags(Map.of("a", "b"))).isEmpty();
  }
}
