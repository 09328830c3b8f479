package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stack set that rolls the guard out. */
final class RolloutTest {

  private static JsonNode guards(Map<String, String> parameters) throws Exception {
    return Organization.rollout("aws", parameters).properties("Guards");
  }

  @Test
  void itGoesToAllAccountsOfTheUnitsAndToThoseThatJoinThem() throws Exception {
    JsonNode guards = guards(Map.of());

    assertThat(guards.path("PermissionModel").asText()).isEqualTo("SERVICE_MANAGED");
    assertThat(guards.at("/AutoDeployment/Enabled").asBoolean()).isTrue();
    assertThat(guards.path("StackInstancesGroup").toString())
        .isEqualTo(
            """
            [{"DeploymentTargets":{"OrganizationalUnitIds":["ou-ab12-c3d4e5f6","ou-ab12-11111111"]},\
            "Regions":["eu-central-1"]}]""");
    // Enough as long as the template names nothing of IAM: StackSetTemplateTest
    assertThat(guards.path("Capabilities").toString()).isEqualTo("[\"CAPABILITY_IAM\"]");
  }

  @ParameterizedTest
  @CsvSource({"aws, amazonaws.com", "aws-cn, amazonaws.com.cn"})
  void theTemplateComesFromTheCentralBucket(String partition, String suffix) throws Exception {
    assertThat(
            Organization.rollout(partition, Map.of())
                .properties("Guards")
                .path("TemplateURL")
                .asText())
        .isEqualTo(
            "https://code-123456789012.s3.eu-central-1.%s/node-role-guard-0.1.0.json"
                .formatted(suffix));
  }

  @Test
  void itBeginsWithAnAudit() throws Exception {
    assertThat(settings(guards(Map.of()))).containsEntry("Mode", "Audit");
    assertThat(settings(guards(Map.of("Mode", "Repair")))).containsEntry("Mode", "Repair");
  }

  @Test
  void itStopsWhereTooManyAccountsFail() throws Exception {
    JsonNode preferences =
        guards(Map.of("FailureTolerancePercentage", "3", "MaxConcurrentPercentage", "25"))
            .path("OperationPreferences");

    assertThat(preferences.path("FailureTolerancePercentage").asText()).isEqualTo("3");
    assertThat(preferences.path("MaxConcurrentPercentage").asText()).isEqualTo("25");
    assertThat(preferences.path("ConcurrencyMode").asText()).isEqualTo("STRICT_FAILURE_TOLERANCE");
  }

  /** A value that the guard's template refuses would fail in each account. */
  @Test
  void whatItSetsTheGuardsTemplateTakes() throws Exception {
    Map<String, String> settings = settings(guards(Map.of()));
    Deployment member = Deployment.forStackSets("aws", settings);

    assertThat(settings)
        .containsEntry("CodeBucket", "code-123456789012")
        .containsEntry("CodeKey", "function-0.1.0.zip")
        .containsEntry("CentralBusArn", Organization.BUS);
    assertThat(member.properties("CentralRule").at("/Targets/0/Arn").asText())
        .isEqualTo(Organization.BUS);
    assertThat(member.properties("GuardFunction").at("/Code/S3Key").asText())
        .isEqualTo("function-0.1.0.zip");
    // No account has a role made that it did not have
    assertThat(member.properties("NodeRole").isMissingNode()).isTrue();
  }

  /** What both have must allow and mean the same, but the defaults that differ on purpose. */
  @Test
  void itsParametersAreThoseOfTheGuardsTemplate() throws Exception {
    JsonNode own = Organization.rollout("aws", Map.of()).template().path("Parameters");
    JsonNode guards = Deployment.forStackSets("aws", Map.of()).template().path("Parameters");

    for (String parameter : settings(guards(Map.of())).keySet()) {
      for (String part : List.of("Type", "AllowedPattern", "AllowedValues", "MaxLength")) {
        boolean required = List.of("CentralBusArn", "RequiredPolicies").contains(parameter);
        if (!(required && part.equals("AllowedPattern"))) {
          assertThat(own.path(parameter).path(part))
              .as(parameter + " " + part)
              .isEqualTo(guards.path(parameter).path(part));
        }
      }
      if (!List.of("Mode", "RoleNames").contains(parameter) && own.path(parameter).has("Default")) {
        assertThat(own.path(parameter).path("Default"))
            .as(parameter)
            .isEqualTo(guards.path(parameter).path("Default"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # template | parameter            | value              | taken
          rollout    | OrganizationalUnitIds | r-ab12             | true
          rollout    | OrganizationalUnitIds | ou-ab12-c3d4e5f6   | true
          rollout    | OrganizationalUnitIds | 111122223333       | false
          rollout    | CentralBusArn         | ''                 | false
          rollout    | TargetRegion          | Frankfurt          | false
          rollout    | MaxConcurrentPercentage | 0                | false
          rollout    | FailureTolerancePercentage | 0             | true
          rollout    | CallAs                | SELF               | true
          central    | OrganizationId        | o-a1b2c3d4e5       | true
          central    | OrganizationId        | ''                 | false
          central    | OrganizationId        | *                  | false
          central    | OrganizationId        | ou-ab12-c3d4e5f6   | false
          central    | SilenceHours          | 121                | false
          central    | LogRetentionDays      | 1                  | false
          """)
  void aParameterTakesWhatItShould(String template, String parameter, String value, boolean taken)
      throws Exception {
    Deployment deployment =
        template.equals("central") ? Organization.central() : Organization.rollout("aws", Map.of());

    assertThat(Deployment.accepts(deployment.template().path("Parameters").path(parameter), value))
        .isEqualTo(taken);
  }

  private static Map<String, String> settings(JsonNode guards) {
    Map<String, String> settings = new HashMap<>();
    guards
        .path("Parameters")
        .forEach(
            each ->
                settings.put(
                    each.path("ParameterKey").asText(), each.path("ParameterValue").asText()));
    return settings;
  }
}
