package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stack for the Region that gets IAM's events; its pattern is in ChangesRuleTest. */
final class ForwardingTest {

  @Test
  void itForwardsToTheDefaultBusOfTheGuardsRegion() throws Exception {
    Deployment stack =
        Forwarding.in("aws-cn", "cn-north-1", Map.of("GuardRegion", "cn-northwest-1"));
    JsonNode targets = stack.properties("ForwardRule").path("Targets");

    assertThat(targets).hasSize(1);
    assertThat(targets.at("/0/Arn").asText())
        .isEqualTo("arn:aws-cn:events:cn-northwest-1:123456789012:event-bus/default")
        .isEqualTo(stack.output("ForwardedTo").asText());
    assertThat(targets.at("/0/RoleArn").asText()).isEqualTo("ForwardRole.Arn");
  }

  /** Its own bus would get each event again and again. */
  @ParameterizedTest
  @CsvSource({"us-east-1, eu-central-1, true", "eu-central-1, eu-central-1, false"})
  void itIsNotDeployedInTheGuardsOwnRegion(String region, String guardRegion, boolean accepted)
      throws Exception {
    assertThat(Forwarding.in("aws", region, Map.of("GuardRegion", guardRegion)).isAccepted())
        .isEqualTo(accepted);
  }

  /** A rule in another account cannot make EventBridge use the role. */
  @Test
  void onlyRulesOfTheAccountMayUseItsRole() throws Exception {
    Deployment stack = Forwarding.in("aws", "us-east-1", Map.of("GuardRegion", "eu-central-1"));

    assertThat(stack.properties("ForwardRole").at("/AssumeRolePolicyDocument/Statement").toString())
        .isEqualTo(
            """
            [{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},\
            "Action":"sts:AssumeRole",\
            "Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}}]""");
    assertThat(stack.properties("ForwardRole").has("PermissionsBoundary")).isFalse();
  }

  @Test
  void aBoundaryHoldsItsRole() throws Exception {
    String boundary = "arn:aws:iam::123456789012:policy/Boundary";

    assertThat(
            Forwarding.in(
                    "aws",
                    "us-east-1",
                    Map.of("GuardRegion", "eu-central-1", "RolePermissionsBoundary", boundary))
                .properties("ForwardRole")
                .path("PermissionsBoundary")
                .asText())
        .isEqualTo(boundary);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # parameter             | value                                          | taken
          GuardRegion             | eu-central-1                                   | true
          GuardRegion             | us-gov-east-1                                  | true
          GuardRegion             | eusc-de-east-1                                 | true
          GuardRegion             | Frankfurt                                      | false
          GuardRegion             | ''                                             | false
          GuardRoleArn            | ''                                             | true
          GuardRoleArn            | arn:aws:iam::123456789012:role/guard-GuardRole-1ABC | true
          GuardRoleArn            | guard-GuardRole-1ABC                           | false
          RoleNames               | *                                              | true
          RoleNames               | Blue, eksctl-*-Nodes-?                         | true
          RoleNames               | 'Blue"}'                                       | false
          PolicyChanges           | No                                             | true
          PolicyChanges           | no                                             | false
          RolePermissionsBoundary | Boundary                                       | false
          """)
  void aParameterTakesWhatTheGuardHas(String parameter, String value, boolean taken)
      throws Exception {
    JsonNode parameters = Forwarding.in("aws", "us-east-1", Map.of()).template().path("Parameters");

    assertThat(Deployment.accepts(parameters.path(parameter), value)).isEqualTo(taken);
    assertThat(parameters.path(parameter).has("Description")).isTrue();
    assertThat(parameters.path(parameter).has("ConstraintDescription")).isTrue();
  }
}
