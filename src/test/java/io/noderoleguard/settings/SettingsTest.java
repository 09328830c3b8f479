package io.noderoleguard.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.noderoleguard.report.Mode;
import io.noderoleguard.role.ClusterSelection;
import io.noderoleguard.role.EffectUse;
import io.noderoleguard.role.ExtraPolicyUse;
import io.noderoleguard.role.InstanceProfileUse;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleSelection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {

  @Test
  void withoutVariablesTheyAreThoseOfTheEksUserGuide() {
    Settings expected =
        new Settings(
            RoleSelection.of(List.of("NodeInstanceRole")),
            Requirements.DEFAULT,
            Mode.REPAIR,
            ClusterSelection.NONE);

    assertThat(Settings.from(Map.of())).isEqualTo(expected);
    assertThat(
            Settings.from(
                Map.of(
                    "ROLE_NAMES", "",
                    "ROLE_PATH", " ",
                    "MODE", "",
                    "REQUIRED_POLICIES", "",
                    "TRUST_POLICY", "",
                    "INSTANCE_PROFILE", "",
                    "PERMISSIONS_BOUNDARY", "",
                    "ROLE_TAGS", "",
                    "CLUSTERS", "")))
        .isEqualTo(expected);
  }

  @Test
  void eachVariableIsRead() {
    assertThat(
            Settings.from(
                Map.of(
                    "ROLE_NAMES", "a, b*,a",
                    "ROLE_PATH", "/eks/",
                    "MODE", "Audit",
                    "REQUIRED_POLICIES", "X,arn:aws:iam::123456789012:policy/Y",
                    "PERMISSIONS_BOUNDARY", "arn:aws:iam::aws:policy/PowerUserAccess",
                    "ROLE_TAGS", "team=platform, stage = prod,empty=,url=a=b",
                    "CLUSTERS", "prod, eu-west-1/dev-*,*,prod")))
        .isEqualTo(
            new Settings(
                RoleSelection.of(List.of("a", "b*")),
                new Requirements(
                    Optional.of("/eks/"),
                    List.of("X", "arn:aws:iam::123456789012:policy/Y"),
                    Optional.of("arn:aws:iam::aws:policy/PowerUserAccess"),
                    Map.of("team", "platform", "stage", "prod", "empty", "", "url", "a=b")),
                Mode.AUDIT,
                new ClusterSelection(
                    List.of(
                        new ClusterSelection.Entry(Optional.empty(), "prod"),
                        new ClusterSelection.Entry(Optional.of("eu-west-1"), "dev-*"),
                        new ClusterSelection.Entry(Optional.empty(), "*")))));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # AWS_SAM_LOCAL | variable             | value                                  | mode
          true            | AWS_REGION           | eu-central-1                           | Audit
          true            | AWS_ENDPOINT_URL_IAM | ' '                                    | Audit
          true            | AWS_ENDPOINT_URL_S3  | http://127.0.0.1:5005                  | Audit
          true            | JAVA_TOOL_OPTIONS    | -Xmx1g -XX:+UseSerialGC                | Audit
          true            | JAVA_TOOL_OPTIONS    | -Daws.endpointUrlIam= -Xmx1g           | Audit
          true            | JAVA_TOOL_OPTIONS    | -Daws.endpointUrlS3=http://127.0.0.1:1 | Audit
          true            | AWS_ENDPOINT_URL_IAM | http://127.0.0.1:5005                  | Repair
          true            | AWS_ENDPOINT_URL     | http://127.0.0.1:5005                  | Repair
          true            | JAVA_TOOL_OPTIONS    | -Xmx1g -Daws.endpointUrl=http://[::1]  | Repair
          true            | JAVA_TOOL_OPTIONS    | -Daws.endpointUrlIam=http://x:1 -Xmx1g | Repair
          false           | AWS_REGION           | eu-central-1                           | Repair
          """,
      delimiter = '|')
  void runBySamOnARealAccountTheyOnlyAudit(
      String local, String variable, String value, String mode) {
    Map<String, String> environment =
        Map.of("MODE", "Repair", "AWS_SAM_LOCAL", local, variable, value);

    assertThat(Settings.from(environment).mode().label()).isEqualTo(mode);
    assertThat(Settings.isLocalOnRealAccount(environment)).isEqualTo(mode.equals("Audit"));
  }

  @Test
  void allProblemsAreReportedAtOnceByVariableName() {
    assertThatThrownBy(
            () ->
                Settings.from(
                    Map.of(
                        "ROLE_NAMES", "ok,not ok",
                        "ROLE_PATH", "eks",
                        "MODE", "repair",
                        "REQUIRED_POLICIES", "arn:aws:s3:::x",
                        "PERMISSIONS_BOUNDARY", "PowerUserAccess",
                        "ROLE_TAGS", "novalue,a=1,a=2,aws:x=1,B=1,b=2")))
        .isInstanceOf(InvalidInputException.class)
        .message()
        .satisfies(
            text ->
                assertThat(text.lines())
                    .map(line -> line.substring(0, line.indexOf(':')))
                    .containsExactlyInAnyOrder(
                        "ROLE_NAMES",
                        "ROLE_PATH",
                        "MODE",
                        "REQUIRED_POLICIES",
                        "PERMISSIONS_BOUNDARY",
                        "ROLE_TAGS",
                        "ROLE_TAGS",
                        "ROLE_TAGS",
                        "ROLE_TAGS"))
        .contains("MODE: \"repair\" is not a mode: Repair and Audit are accepted.");
  }

  @Test
  void whatIsJudgedBesidesTheRequiredPoliciesIsRead() {
    Requirements read =
        Settings.from(
                Map.of(
                    "EXTRA_POLICIES", "Remove",
                    "ALLOWED_POLICIES", "AmazonSSM*, inline:Debug,,arn:aws:iam::*:policy/team-?",
                    "EFFECTIVE_PERMISSIONS", "Off"))
            .requirements();

    assertThat(read.extraPolicies()).isEqualTo(ExtraPolicyUse.REMOVE);
    assertThat(read.allowedPolicies())
        .containsExactly("AmazonSSM*", "inline:Debug", "arn:aws:iam::*:policy/team-?");
    assertThat(read.effect()).isEqualTo(EffectUse.OFF);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          EXTRA_POLICIES        | remove            | "remove" is not accepted: Ignore, Report and Remove are.
          EFFECTIVE_PERMISSIONS | On                | "On" is not accepted: Verify and Off are.
          ALLOWED_POLICIES      | ok,not ok         | "not ok" names no policy: the name of an AWS managed policy is accepted
          ALLOWED_POLICIES      | inline:           | "inline:" names no policy
          ALLOWED_POLICIES      | arn:aws:s3:::x    | "arn:aws:s3:::x" names no policy
          """,
      delimiter = '|',
      quoteCharacter = '`')
  void whatIsNotAcceptedOfThatIsNamed(String variable, String value, String told) {
    assertThatThrownBy(() -> Settings.from(Map.of(variable, value)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(variable + ": " + told);
  }

  @Test
  void trustPolicyAndInstanceProfileAreRead() {
    String trustPolicy =
        """
        {"Statement":{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},
        "Action":"sts:AssumeRole"}}""";

    Requirements read =
        Settings.from(Map.of("TRUST_POLICY", trustPolicy + "\n", "INSTANCE_PROFILE", "Ignore"))
            .requirements();

    assertThat(read.trustPolicy()).contains(trustPolicy);
    assertThat(read.instanceProfile()).isEqualTo(InstanceProfileUse.IGNORE);
    assertThatThrownBy(() -> Settings.from(Map.of("TRUST_POLICY", trustPolicy)))
        .hasMessageContaining("TRUST_POLICY: no statement lets EC2 assume the role");
    assertThatThrownBy(() -> Settings.from(Map.of("TRUST_POLICY", "{", "INSTANCE_PROFILE", "no")))
        .hasMessageContaining("TRUST_POLICY: it is not a trust policy")
        .hasMessageContaining("INSTANCE_PROFILE: \"no\" is not accepted: Ensure and Ignore are.");
  }

  @Test
  void anEmptyAlternativeIsRefused() {
    assertThatThrownBy(() -> Settings.from(Map.of("REQUIRED_POLICIES", "A||B,C")))
        .hasMessageContaining("REQUIRED_POLICIES: \"A||B\" has an empty alternative");
  }

  @Test
  void aListOfNothingNamesNoRole() {
    assertThatThrownBy(() -> Settings.from(Map.of("ROLE_NAMES", ",")))
        .hasMessage("ROLE_NAMES: it names no role.");
  }

  @Test
  void aPatternOfEverythingIsRefusedWithTheReason() {
    assertThatThrownBy(() -> Settings.from(Map.of("ROLE_NAMES", "ok,*")))
        .hasMessageContaining("ROLE_NAMES: \"*\" would match every role of the account");
  }

  @Test
  void driftIsExplainedUnlessTheOwnerSaysNo() {
    assertThat(Settings.isDriftExplained(Map.of())).isTrue();
    assertThat(Settings.isDriftExplained(Map.of("EXPLAIN_DRIFT", "Yes"))).isTrue();
    assertThat(Settings.isDriftExplained(Map.of("EXPLAIN_DRIFT", " No "))).isFalse();
    assertThatThrownBy(() -> Settings.from(Map.of("EXPLAIN_DRIFT", "no")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("EXPLAIN_DRIFT: \"no\" is neither Yes nor No.");
  }
}
