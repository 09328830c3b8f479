package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.noderoleguard.settings.Settings;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * That a deployment refuses what the function would refuse, and takes nothing that it would not.
 */
final class SettingsAgreementTest {

  private static final String ARN = "arn:aws:iam::123456789012:policy/";

  static Stream<Arguments> takenByBoth() {
    return Stream.of(
        arguments("RoleNames", "r".repeat(64)),
        arguments("RoleNames", "*" + "r".repeat(62) + "?"),
        arguments("RoleNames", "Blue, eksctl-*-Role ,Green_+=.@-"),
        arguments("RoleNames", names(30, 30)),
        arguments("RolePath", "/"),
        arguments("RolePath", "/" + "p".repeat(510) + "/"),
        arguments("RolePath", "/a/b+c=d,e.f@g-h_i/"),
        arguments("Mode", "Audit"),
        arguments("RequiredPolicies", "p".repeat(128)),
        arguments("RequiredPolicies", "a/b/c/d/e/f/g/h/" + "p".repeat(128)),
        arguments("RequiredPolicies", "AmazonEKS_CNI_Policy, " + ARN + "p".repeat(640)),
        arguments("RequiredPolicies", "arn:aws-iso-b:iam::aws:policy/a/b/c"),
        arguments("RequiredPolicies", names(20, 60)),
        arguments(
            "RequiredPolicies",
            "AmazonEC2ContainerRegistryReadOnly|AmazonEC2ContainerRegistryPullOnly"),
        arguments(
            "RequiredPolicies",
            "%s%s|%s|a/b/%s, c|d".formatted(ARN, "p".repeat(640), ARN + "q", "r".repeat(128))),
        arguments("TrustPolicy", ""),
        arguments("TrustPolicy", trustPolicy(2048)),
        arguments("TrustPolicy", "\n" + trustPolicy(1000).replace("\":", "\" :\t") + "\r\n"),
        arguments("InstanceProfile", "Ensure"),
        arguments("InstanceProfile", "Ignore"),
        arguments("ExplainDrift", "Yes"),
        arguments("ExplainDrift", "No"),
        arguments("IamEventsRegion", ""),
        arguments("IamEventsRegion", "us-gov-east-1"),
        arguments("PermissionsBoundary", ""),
        arguments("PermissionsBoundary", ARN + "p".repeat(640)),
        arguments("RoleTags", ""),
        arguments("RoleTags", "team=platform,Team lead=a b,empty=,my-aws:x=1,awsome=2"),
        arguments("RoleTags", "team=platform, teams=a,tea =b,x=team,y=team"),
        arguments("RoleTags", "k".repeat(128) + "=" + "v".repeat(256)),
        arguments("RoleTags", tags(50)),
        arguments("Clusters", ""),
        arguments("Clusters", "*"),
        arguments("Clusters", "prod, us-gov-east-1/dev_?,eu-central-1/*,c" + "c".repeat(99)),
        arguments("Clusters", names(20, 30)));
  }

  static Stream<Arguments> refusedByBoth() {
    return Stream.of(
        arguments("RoleNames", "r".repeat(65)),
        arguments("RoleNames", "Blue," + "*".repeat(61) + "Node"),
        arguments("RoleNames", "*"),
        arguments("RoleNames", "Blue,*?*"),
        arguments("RoleNames", "role/Blue"),
        arguments("RoleNames", "Bl ue"),
        arguments("RolePath", "/" + "p".repeat(511) + "/"),
        arguments("RolePath", "eks/"),
        arguments("RolePath", "/eks"),
        arguments("RolePath", "/e ks/"),
        arguments("Mode", "repair"),
        arguments("RequiredPolicies", "p".repeat(129)),
        arguments("RequiredPolicies", "a/b/c/d/e/f/g/h/i/j"),
        arguments("RequiredPolicies", "AmazonEKS_CNI_Policy," + ARN + "p".repeat(641)),
        arguments("RequiredPolicies", "arn:awsx:iam::aws:policy/a"),
        arguments("RequiredPolicies", "arn:aws-:iam::aws:policy/a"),
        arguments("RequiredPolicies", "arn:aws:iam::12:policy/a"),
        arguments("RequiredPolicies", "A|"),
        arguments("RequiredPolicies", "|A"),
        arguments("RequiredPolicies", "A||B"),
        arguments("RequiredPolicies", "A|*,C"),
        arguments("RequiredPolicies", "A|" + ARN + "p".repeat(641)),
        arguments("TrustPolicy", "EC2"),
        arguments("TrustPolicy", "[]"),
        arguments("TrustPolicy", "{"),
        arguments("TrustPolicy", trustPolicy(2049)),
        arguments("InstanceProfile", "ensure"),
        arguments("InstanceProfile", "None"),
        arguments("ExplainDrift", "no"),
        arguments("ExplainDrift", "Maybe"),
        arguments("IamEventsRegion", "us-east"),
        arguments("IamEventsRegion", "evil.example/us-east-1"),
        arguments("PermissionsBoundary", ARN + "p".repeat(641)),
        arguments("PermissionsBoundary", "arn:awsx:iam::aws:policy/a"),
        arguments("PermissionsBoundary", "Boundary"),
        arguments("RoleTags", "aws:team=a"),
        arguments("RoleTags", "team=a,AWS:x=b"),
        arguments("RoleTags", "team=a, aws:x=b"),
        arguments("RoleTags", "team=a,team=b"),
        arguments("RoleTags", "x=1,team=a,y=2,Team=b,z=3"),
        arguments("RoleTags", "team=a, TEAM =b"),
        arguments("RoleTags", " =a"),
        arguments("RoleTags", "=a"),
        arguments("RoleTags", "team"),
        arguments("RoleTags", "k".repeat(129) + "=v"),
        arguments("RoleTags", "k=" + "v".repeat(257)),
        arguments("RoleTags", tags(51)),
        arguments("Clusters", "c".repeat(101)),
        arguments("Clusters", "eu-central-1/"),
        arguments("Clusters", "eu-central/prod"),
        arguments("Clusters", "arn:aws:eks:eu-central-1:123456789012:cluster/prod"),
        arguments("Clusters", "-prod"),
        arguments("Clusters", "pr od"));
  }

  @ParameterizedTest
  @MethodSource("takenByBoth")
  void whatADeploymentTakesTheFunctionTakes(String parameter, String value) throws Exception {
    Deployment deployment = Deployment.in("aws", Map.of(parameter, value));
    Map<String, String> environment = new HashMap<>();
    variables(deployment)
        .properties()
        .forEach(variable -> environment.put(variable.getKey(), variable.getValue().asText()));

    assertThatCode(() -> Settings.from(environment)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("refusedByBoth")
  void whatTheFunctionRefusesIsNotDeployed(String parameter, String value) {
    String variable = variable(parameter);

    assertThatThrownBy(() -> Settings.from(Map.of(variable, value))).hasMessageContaining(variable);
    assertThatThrownBy(() -> Deployment.in("aws", Map.of(parameter, value)))
        .hasMessageContaining(parameter);
  }

  /** The names by which the table above is applied to the function. */
  @Test
  void everyVariableHasTheNameOfItsParameter() throws Exception {
    Deployment deployment = Deployment.withDefaults();
    JsonNode template = deployment.template().at("/Resources/GuardFunction/Properties/Environment");

    assertThat(template.findValuesAsText("Ref"))
        .isNotEmpty()
        .allSatisfy(
            parameter ->
                assertThat(template.path("Variables").path(variable(parameter)).toString())
                    .contains("{\"Ref\":\"" + parameter + "\"}"));
  }

  private static JsonNode variables(Deployment deployment) {
    return deployment.properties("GuardFunction").at("/Environment/Variables");
  }

  private static String variable(String parameter) {
    return parameter.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }

  private static String names(int number, int length) {
    return list(number, i -> "%02d".formatted(i) + "n".repeat(length - 2));
  }

  /** A trust policy of some length, white space not counted either. */
  private static String trustPolicy(int length) {
    String policy =
        """
        {"Version":"2012-10-17","Statement":[{"Sid":"%s","Effect":"Allow",\
        "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
    return policy.formatted("s".repeat(length - policy.formatted("").length()));
  }

  private static String tags(int number) {
    return list(number, i -> "key" + i + "=value");
  }

  private static String list(int number, IntFunction<String> entry) {
    return IntStream.range(0, number).mapToObj(entry).collect(Collectors.joining(","));
  }
}
