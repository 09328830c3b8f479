package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the console shows of the parameters, and which values they refuse when deployed. */
final class ParametersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # parameter              | value
          RoleNames                | NodeInstanceRole
          RoleNames                | a
          RoleNames                | eksctl-prod-nodegroup-blue-NodeInstanceRole-1ABCDEF
          RoleNames                | *-NodeInstanceRole-*
          RoleNames                | Blue,Green,eksctl-*-NodeInstanceRole-?,a+b=c.d@e_f-g,Fifth
          RoleNames                | a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t
          RoleNames                | Blue, Green
          RolePath                 | /
          RolePath                 | /eks/nodes/
          Mode                     | Repair
          Mode                     | Audit
          RequiredPolicies         | AmazonEKSWorkerNodePolicy
          RequiredPolicies         | service-role/AmazonEC2RoleforSSM,arn:aws:iam::123456789012:policy/eks/Extras
          RequiredPolicies         | arn:aws-us-gov:iam::aws:policy/AmazonEKS_CNI_Policy
          RequiredPolicies         | a,b,c,d,e,f,g,h,i,j,k,l
          RequiredPolicies         | AmazonEKSWorkerNodePolicy, AmazonEKS_CNI_Policy
          RequiredPolicies         | 'AmazonEC2ContainerRegistryReadOnly|AmazonEC2ContainerRegistryPullOnly'
          RequiredPolicies         | 'a|arn:aws:iam::123456789012:policy/eks/Extras|service-role/c,d, e|f'
          TrustPolicy              | ''
          TrustPolicy              | {}
          TrustPolicy              | '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","eks.amazonaws.com"]},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:RoleSessionName":"${aws:PrincipalTag/x509Subject/CN}"}}}]}'
          InstanceProfile          | Ensure
          InstanceProfile          | Ignore
          PermissionsBoundary      | ''
          PermissionsBoundary      | arn:aws-cn:iam::123456789012:policy/teams/Boundary
          RoleTags                 | ''
          RoleTags                 | team=platform,cost center=42,empty=
          Schedule                 | cron(0 3 * * ? *)
          Schedule                 | cron(15 10 ? * MON-FRI 2026-2030)
          Schedule                 | cron(0 18 ? * 6#3 *)
          Schedule                 | rate(1 day)
          Schedule                 | rate(12 hours)
          ScheduleTimezone         | UTC
          ScheduleTimezone         | Europe/Berlin
          ScheduleTimezone         | America/Argentina/Buenos_Aires
          ScheduleTimezone         | Etc/GMT+3
          WatchChanges             | Yes
          WatchChanges             | No
          SettleSeconds            | 0
          SettleSeconds            | 900
          ExplainDrift             | No
          IamEventsRegion          | ''
          IamEventsRegion          | us-gov-east-1
          IamEventsRegion          | eusc-de-east-1
          NotificationEmail        | ''
          NotificationEmail        | platform@example.org
          CentralBusArn            | ''
          CentralBusArn            | arn:aws:events:eu-central-1:999999999999:event-bus/central-reports
          CentralBusArn            | arn:aws-us-gov:events:us-gov-west-1:999999999999:event-bus/default
          SilenceHours             | 0
          SilenceHours             | 30
          SilenceHours             | 168
          FunctionPermissionsBoundary | arn:aws:iam::123456789012:policy/Boundary
          LogRetentionDays         | 365
          KmsKeyArn                | ''
          KmsKeyArn                | arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
          KmsKeyArn                | arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab
          Tracing                  | Active
          """)
  void aGoodValueIsTaken(String parameter, String value) throws Exception {
    assertThat(Deployment.accepts(parameter(parameter), value)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # parameter              | value
          RoleNames                | ''
          RoleNames                | *
          RoleNames                | *???*
          RoleNames                | *-a-*
          RoleNames                | Blue,*
          RoleNames                | Blue Green
          RoleNames                | Blue,,Green
          RoleNames                | Blue,Green,
          RoleNames                | role/NodeInstanceRole
          RoleNames                | arn:aws:iam::123456789012:role/NodeInstanceRole
          RolePath                 | ''
          RolePath                 | eks/
          RolePath                 | /eks
          RolePath                 | //
          RolePath                 | /*/
          Mode                     | repair
          Mode                     | ''
          RequiredPolicies         | ''
          RequiredPolicies         | *
          RequiredPolicies         | AmazonEKS*
          RequiredPolicies         | AmazonEKSWorkerNodePolicy AmazonEKS_CNI_Policy
          RequiredPolicies         | AmazonEKSWorkerNodePolicy,,AmazonEKS_CNI_Policy
          RequiredPolicies         | arn:aws:iam::12:policy/Extras
          RequiredPolicies         | arn:aws:iam::aws:role/NodeInstanceRole
          RequiredPolicies         | 'A|'
          RequiredPolicies         | '|B'
          RequiredPolicies         | 'A||B'
          RequiredPolicies         | 'A|B,C|'
          RequiredPolicies         | 'A|*'
          RequiredPolicies         | 'A|arn:aws:iam::12:policy/B'
          RequiredPolicies         | A or B
          TrustPolicy              | EC2
          TrustPolicy              | []
          TrustPolicy              | '"{}"'
          TrustPolicy              | {
          TrustPolicy              | file://trust.json
          InstanceProfile          | ensure
          InstanceProfile          | ''
          PermissionsBoundary      | Boundary
          PermissionsBoundary      | arn:aws:iam::123456789012:policy/*
          PermissionsBoundary      | arn:aws:iam::123456789012:role/Boundary
          RoleTags                 | team
          RoleTags                 | =platform
          RoleTags                 | team=platform,
          Schedule                 | every night
          Schedule                 | cron(0 3 * * *)
          Schedule                 | rate(0 days)
          Schedule                 | rate(1 week)
          Schedule                 | at(2026-01-01T03:00:00)
          ScheduleTimezone         | ''
          ScheduleTimezone         | Europe Berlin
          ScheduleTimezone         | +01:00
          WatchChanges             | true
          WatchChanges             | ''
          SettleSeconds            | -1
          SettleSeconds            | 901
          ExplainDrift             | yes
          IamEventsRegion          | Virginia
          IamEventsRegion          | us-east
          NotificationEmail        | platform
          NotificationEmail        | a@example.org,b@example.org
          CentralBusArn            | central-reports
          CentralBusArn            | arn:aws:events:eu-central-1:999999999999:rule/central-reports
          CentralBusArn            | arn:aws:events:eu-central-1:999999999999:event-bus/*
          SilenceHours             | ''
          SilenceHours             | -1
          SilenceHours             | 169
          FunctionPermissionsBoundary | Boundary
          LogRetentionDays         | 42
          KmsKeyArn                | 1234abcd-12ab-34cd-56ef-1234567890ab
          KmsKeyArn                | alias/logs
          KmsKeyArn                | arn:aws:kms:eu-central-1:123456789012:alias/logs
          KmsKeyArn                | arn:aws:kms:eu-central-1:123456789012:key/*
          KmsKeyArn                | arn:aws:kms:eu-central-1:123456789012:key/
          Tracing                  | Passive
          """)
  void aBadValueIsRefused(String parameter, String value) throws Exception {
    assertThat(Deployment.accepts(parameter(parameter), value)).isFalse();
  }

  /** IAM's own limit; line breaks in the text count, too. */
  @Test
  void aTrustPolicyIsAsLongAsIamTakesItAndMayHaveSeveralLines() throws Exception {
    JsonNode parameter = parameter("TrustPolicy");

    assertThat(Deployment.accepts(parameter, "{\n  \"Version\":\t\"2012-10-17\"\r\n}\n")).isTrue();
    assertThat(Deployment.accepts(parameter, "{" + " ".repeat(2046) + "}")).isTrue();
    assertThat(Deployment.accepts(parameter, "{" + " ".repeat(2047) + "}")).isFalse();
  }

  @Test
  void everyDefaultIsTaken() throws Exception {
    assertThat(Deployment.withDefaults().template().path("Parameters").properties())
        .isNotEmpty()
        .allSatisfy(
            parameter ->
                assertThat(
                        Deployment.accepts(
                            parameter.getValue(), parameter.getValue().path("Default").asText()))
                    .as(parameter.getKey())
                    .isTrue());
  }

  @Test
  void everyParameterIsDescribedAndSaysWhatItRefuses() throws Exception {
    assertThat(Deployment.withDefaults().template().path("Parameters").properties())
        .allSatisfy(
            parameter ->
                assertThat(parameter.getValue().properties())
                    .as(parameter.getKey())
                    .extracting(property -> property.getKey())
                    .contains("Description", "ConstraintDescription"));
  }

  @Test
  void everyParameterIsInOneGroupAndHasALabel() throws Exception {
    JsonNode template = Deployment.withDefaults().template();
    JsonNode console = template.path("Metadata").path("AWS::CloudFormation::Interface");
    List<String> parameters = names(template.path("Parameters"));
    List<String> grouped = new ArrayList<>();
    for (JsonNode group : console.path("ParameterGroups")) {
      group.path("Parameters").forEach(name -> grouped.add(name.asText()));
    }

    assertThat(grouped).containsExactlyInAnyOrderElementsOf(parameters);
    assertThat(names(console.path("ParameterLabels")))
        .containsExactlyInAnyOrderElementsOf(parameters);
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode parameter(String name) throws Exception {
    JsonNode parameter = Deployment.withDefaults().template().path("Parameters").path(name);
    assertThat(parameter.isMissingNode()).as(name).isFalse();
    return parameter;
  }
}
