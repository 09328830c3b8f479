package io.noderoleguard.template;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a deployment consists of: versions, aliases, the schedule, the custom resource, outputs. */
final class DeploymentTest {

  /** A value of each parameter that is not its default. */
  private static final Map<String, String> CHANGED =
      Map.ofEntries(
          entry("RoleNames", "AnotherRole"),
          entry("RolePath", "/eks/"),
          entry("Mode", "Audit"),
          entry("RequiredPolicies", "AmazonEKSWorkerNodeMinimalPolicy"),
          entry("TrustPolicy", "{\"Version\":\"2012-10-17\",\"Statement\":[]}"),
          entry("InstanceProfile", "Ignore"),
          entry("PermissionsBoundary", "arn:aws:iam::123456789012:policy/Boundary"),
          entry("RoleTags", "team=platform"),
          entry("ExtraPolicies", "Report"),
          entry("AllowedPolicies", "AmazonSSM*"),
          entry("EffectivePermissions", "Off"),
          entry("Clusters", "prod"),
          entry("ExplainDrift", "No"),
          entry("IamEventsRegion", "us-gov-east-1"),
          entry("Tracing", "Active"));

  /** The SAM translator does not see to this: it hashes the references, not the values. */
  @Test
  void everyChangeOfASettingPublishesANewVersion() throws Exception {
    Deployment before = Deployment.withDefaults();
    JsonNode function = before.template().at("/Resources/GuardFunction/Properties");
    List<String> settings =
        Stream.concat(
                function.findValuesAsText("Ref").stream(),
                // The function refers to it by a condition.
                before.template().at("/Conditions/Traced").findValuesAsText("Ref").stream())
            .filter(before.template().path("Parameters")::has)
            .toList();

    assertThat(settings).containsExactlyInAnyOrderElementsOf(CHANGED.keySet());
    for (String setting : settings) {
      Deployment after = Deployment.in("aws", Map.of(setting, CHANGED.getOrDefault(setting, "")));
      assertThat(version(after)).as(setting).isNotEqualTo(version(before));
    }
  }

  /** Lambda refuses to publish a version of a function that has not changed. */
  @ParameterizedTest
  @CsvSource({
    "Schedule, rate(1 hour)",
    "ScheduleTimezone, Europe/Berlin",
    "WatchChanges, No",
    "SettleSeconds, 300",
    "NotificationEmail, a@example.org",
    "SilenceHours, 0",
    "FunctionPermissionsBoundary, arn:aws:iam::123456789012:policy/Boundary",
    "LogRetentionDays, 30"
  })
  void noOtherChangePublishesOne(String parameter, String value) throws Exception {
    assertThat(version(Deployment.in("aws", Map.of(parameter, value))))
        .isEqualTo(version(Deployment.withDefaults()));
  }

  /**
   * Lambda holds 4,096 characters of variables, a policy 6,144, and a version's description 256. A
   * trust policy's quotes, half of its text at most, take two characters each in the record.
   */
  @Test
  void everySettingThatFitsIntoTheFunctionFitsIntoTheRecord() throws Exception {
    Deployment deployment = Deployment.withDefaults();

    assertThat(deployment.properties("SettingsRecord").path("PolicyDocument").toString())
        .hasSizeLessThan(6144 - 4096 - 1024);
    assertThat(deployment.properties("SettingsRecord").path("Description").asText())
        .hasSizeLessThanOrEqualTo(1000);
    String longestArn = "arn:aws-us-gov:iam::123456789012:policy/" + "p".repeat(128);
    assertThat(
            deployment
                .properties(onlyOne(deployment, "AWS::Lambda::Version"))
                .path("Description")
                .asText()
                .replace("SettingsRecord.DefaultVersionId", "v1000000")
                .replace("SettingsRecord", longestArn))
        .hasSizeLessThanOrEqualTo(256);
  }

  /**
   * CloudFormation replaces a version with its description, and each change of a policy's document
   * makes a new version of the policy.
   */
  private static String version(Deployment deployment) {
    String version =
        deployment
            .properties(onlyOne(deployment, "AWS::Lambda::Version"))
            .path("Description")
            .asText();
    assertThat(version).contains("SettingsRecord.DefaultVersionId of SettingsRecord");
    return version + deployment.properties("SettingsRecord").path("PolicyDocument");
  }

  @Test
  void theScheduleAndCloudFormationCallPublishedVersions() throws Exception {
    Deployment deployment = Deployment.withDefaults();
    String version = onlyOne(deployment, "AWS::Lambda::Version");

    assertThat(deployment.properties("GuardFunction").at("/SnapStart/ApplyOn").asText())
        .isEqualTo("PublishedVersions");
    assertThat(deployment.resourcesOf("AWS::Lambda::Alias"))
        .containsExactlyInAnyOrder("LiveAlias", "ChangesAlias", "GuardFunctionAliasnightly")
        .allSatisfy(
            alias ->
                assertThat(deployment.properties(alias).path("FunctionVersion").asText())
                    .isEqualTo(version + ".Version"));
    assertThat(schedule(deployment).at("/Target/Arn").asText())
        .isEqualTo("GuardFunctionAliasnightly");
    assertThat(deployment.properties("NodeRole").path("ServiceToken").asText())
        .isEqualTo("LiveAlias");
    assertThat(deployment.output("ServiceToken").asText()).isEqualTo("LiveAlias");
  }

  /** A destination is sent the request, and CloudFormation's holds a signed URL. */
  @Test
  void noRequestOfCloudFormationIsSentToTheEventBus() throws Exception {
    Deployment deployment = Deployment.withDefaults();

    assertThat(deployment.resourcesOf("AWS::Lambda::EventInvokeConfig")).hasSize(2);
    for (String config : deployment.resourcesOf("AWS::Lambda::EventInvokeConfig")) {
      JsonNode properties = deployment.properties(config);
      assertThat(properties.has("DestinationConfig"))
          .isEqualTo(properties.path("Qualifier").asText().equals("nightly"));
    }
  }

  @Test
  void theScheduleHasATimeZoneATimeLimitAndADeadLetterQueue() throws Exception {
    Deployment deployment =
        Deployment.in(
            "aws", Map.of("Schedule", "cron(30 2 * * ? *)", "ScheduleTimezone", "Europe/Berlin"));
    JsonNode schedule = schedule(deployment);

    assertThat(schedule.path("ScheduleExpression").asText()).isEqualTo("cron(30 2 * * ? *)");
    assertThat(schedule.path("ScheduleExpressionTimezone").asText()).isEqualTo("Europe/Berlin");
    assertThat(schedule.at("/Target/RetryPolicy/MaximumEventAgeInSeconds").asInt())
        .isPositive()
        .isLessThan(24 * 60 * 60);
    assertThat(schedule.at("/Target/DeadLetterConfig/Arn").asText())
        .isEqualTo("UndeliveredQueue.Arn");
    // The function knows a scheduled event by the text that the scheduler sends of itself.
    assertThat(schedule.path("Target").has("Input")).isFalse();
  }

  @Test
  void nothingHasANameThatASecondStackWouldHaveToo() throws Exception {
    Deployment deployment = Deployment.withDefaults();
    List<String> names =
        List.of(
            "AlarmName",
            "DashboardName",
            "FunctionName",
            "LogGroupName",
            "ManagedPolicyName",
            "Name",
            "QueueName",
            "RoleName",
            "TopicName");

    deployment
        .template()
        .path("Resources")
        .properties()
        .forEach(
            resource -> {
              String type = resource.getValue().path("Type").asText();
              // Of a function, which is itself without a name; and the custom resource names a
              // role.
              if (!type.startsWith("AWS::Lambda::") && !type.startsWith("Custom::")) {
                assertThat(resource.getValue().path("Properties").properties())
                    .as(resource.getKey())
                    .filteredOn(property -> !property.getValue().has("Ref"))
                    .extracting(Map.Entry::getKey)
                    .doesNotContainAnyElementsOf(names);
              }
            });
    assertThat(deployment.properties("GuardFunction").has("FunctionName")).isFalse();
  }

  @Test
  void theRoleIsCheckedWithTheDeploymentAsTheSettingsSay() throws Exception {
    Deployment deployment =
        Deployment.in(
            "aws-us-gov",
            Map.of(
                "RoleNames", "Nodes",
                "RolePath", "/eks/",
                "RequiredPolicies",
                    "AmazonEKS_CNI_Policy,arn:aws-us-gov:iam::123456789012:policy/X"));
    JsonNode nodeRole = deployment.properties("NodeRole");

    assertThat(nodeRole.path("RoleName").asText()).isEqualTo("Nodes");
    assertThat(nodeRole.path("Path").asText()).isEqualTo("/eks/");
    assertThat(nodeRole.path("ManagedPolicyArns").valueStream().map(JsonNode::asText))
        .containsExactly("AmazonEKS_CNI_Policy", "arn:aws-us-gov:iam::123456789012:policy/X");
    assertThat(nodeRole.path("InstanceProfile").asText()).isEqualTo("Ensure");
    assertThat(nodeRole.has("PermissionsBoundary")).isFalse();
    assertThat(nodeRole.has("AssumeRolePolicyDocument")).isFalse();
    assertThat(deployment.output("RoleArn").asText()).isEqualTo("NodeRole.Arn");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Blue,Green", "eksctl-*", "NodeInstanceRole?"})
  void severalRolesAreLeftToTheFirstNight(String roleNames) throws Exception {
    Deployment deployment = Deployment.in("aws", Map.of("RoleNames", roleNames));

    assertThat(deployment.properties("NodeRole").isMissingNode()).isTrue();
    assertThat(deployment.output("RoleArn").isMissingNode()).isTrue();
  }

  /** The deployment would fail on the very drift that the audit is to report. */
  @Test
  void anAuditDoesNotGateItsOwnDeployment() throws Exception {
    Deployment deployment = Deployment.in("aws", Map.of("Mode", "Audit", "RolePath", "/eks/"));

    assertThat(deployment.properties("NodeRole").isMissingNode()).isTrue();
    assertThat(deployment.output("RoleArn").asText())
        .isEqualTo("arn:aws:iam::123456789012:role/eks/NodeInstanceRole");
  }

  @Test
  void aValueThatAParameterRefusesIsNotDeployed() throws Exception {
    assertThat(Deployment.withDefaults().properties("NodeRole").isMissingNode()).isFalse();
    assertThatThrownBy(() -> Deployment.in("aws", Map.of("RoleNames", "*")))
        .hasMessageContaining("RoleNames");
    assertThatThrownBy(() -> Deployment.in("aws", Map.of("RoleName", "NodeInstanceRole")))
        .hasMessageContaining("RoleName");
  }

  /** SAM CLI passes on no other: an undeclared one would be left out without a word. */
  @Test
  void everyVariableOfTheLocalRunIsDeclared() throws Exception {
    JsonNode local = new JsonMapper().readTree(Path.of("docs", "sam-local-env.json").toFile());

    assertThat(local.properties())
        .isNotEmpty()
        .allSatisfy(
            function -> {
              JsonNode declared =
                  Deployment.withDefaults()
                      .properties(function.getKey())
                      .at("/Environment/Variables");
              assertThat(function.getValue().properties())
                  .isNotEmpty()
                  .allSatisfy(variable -> assertThat(declared.has(variable.getKey())).isTrue());
            });
  }

  @ParameterizedTest
  @CsvSource({"aws, JSON, Active", "aws-cn, JSON, PassThrough", "aws-us-gov, Text, Active"})
  void whatAPartitionLacksIsLeftOut(String partition, String logFormat, String tracing)
      throws Exception {
    JsonNode function =
        Deployment.in(partition, Map.of("Tracing", "Active")).properties("GuardFunction");

    assertThat(function.at("/LoggingConfig/LogFormat").asText()).isEqualTo(logFormat);
    assertThat(function.at("/TracingConfig/Mode").asText()).isEqualTo(tracing);
  }

  @Test
  void repositoryMetadataNamesTheVersionAndExistingFiles() throws Exception {
    JsonNode application =
        Deployment.withDefaults()
            .template()
            .path("Metadata")
            .path("AWS::ServerlessRepo::Application");

    assertThat(application.path("Name").asText()).matches("[a-zA-Z0-9-]{1,140}");
    assertThat(application.path("Description").asText()).hasSizeBetween(1, 256);
    assertThat(application.path("Author").asText()).matches("(?=.{1,127}$)[a-z0-9]+(-[a-z0-9]+)*");
    assertThat(application.path("SpdxLicenseId").asText()).isEqualTo("Apache-2.0");
    assertThat(Path.of(application.path("LicenseUrl").asText())).content().contains("Apache");
    assertThat(Path.of(application.path("ReadmeUrl").asText())).exists();
    assertThat(application.path("Labels")).hasSizeBetween(1, 10);
    assertThat(Path.of("pom.xml"))
        .content()
        .containsPattern(
            "<version>" + application.path("SemanticVersion").asText() + "(-SNAPSHOT)?</version>");
  }

  private static JsonNode schedule(Deployment deployment) {
    return deployment.properties(onlyOne(deployment, "AWS::Scheduler::Schedule"));
  }

  private static String onlyOne(Deployment deployment, String type) {
    List<String> logicalIds = deployment.resourcesOf(type);
    assertThat(logicalIds).as(type).hasSize(1);
    return logicalIds.getFirst();
  }
}
