package io.noderoleguard.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.report.Mode;
import io.noderoleguard.role.ExtraPolicyUse;
import io.noderoleguard.role.InstanceProfileUse;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.Target;
import io.noderoleguard.settings.InvalidInputException;
import io.noderoleguard.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CustomResourcePropertiesTest {

  private static final Settings SETTINGS =
      Settings.from(
          Map.of(
              "ROLE_NAMES", "Guarded",
              "ROLE_PATH", "/eks/",
              "MODE", "Audit",
              "REQUIRED_POLICIES", "X",
              "PERMISSIONS_BOUNDARY", "arn:aws:iam::aws:policy/B",
              "ROLE_TAGS", "a=b"));

  private static CustomResourceProperties read(String json, Settings settings) throws Exception {
    return CustomResourceProperties.read((JsonObject) Json.parse(json), settings);
  }

  @Test
  void whatIsMissingIsAsTheSettingsHaveIt() throws Exception {
    assertThat(read("{\"ServiceToken\":\"arn\",\"ServiceTimeout\":\"60\"}", SETTINGS))
        .isEqualTo(
            new CustomResourceProperties(
                Target.named("Guarded"), SETTINGS.requirements(), Mode.AUDIT));
  }

  @Test
  void eachPropertyCountsMoreThanTheSetting() throws Exception {
    String json =
        """
        {"ServiceToken":"arn","RoleName":"r","Path":"/p/","Mode":"Repair",
         "ManagedPolicyArns":["arn:aws:iam::aws:policy/Y","Z"],
         "PermissionsBoundary":"arn:aws:iam::aws:policy/C",
         "Tags":[{"Key":"k","Value":"v"},{"Value":"","Key":"l"}]}""";

    assertThat(read(json, SETTINGS))
        .isEqualTo(
            new CustomResourceProperties(
                Target.named("r"),
                new Requirements(
                    Optional.of("/p/"),
                    List.of("arn:aws:iam::aws:policy/Y", "Z"),
                    Optional.of("arn:aws:iam::aws:policy/C"),
                    Map.of("k", "v", "l", "")),
                Mode.REPAIR));
  }

  @Test
  void whatElseARoleMayHaveCountsMoreThanTheSetting() throws Exception {
    Requirements read =
        read("{\"ExtraPolicies\":\"Remove\",\"AllowedPolicies\":[\"inline:a*\",\"B\"]}", SETTINGS)
            .requirements();

    assertThat(read.extraPolicies()).isEqualTo(ExtraPolicyUse.REMOVE);
    assertThat(read.allowedPolicies()).containsExactly("inline:a*", "B");
    assertThatThrownBy(
            () -> read("{\"ExtraPolicies\":\"All\",\"AllowedPolicies\":[\"a b\",1]}", SETTINGS))
        .hasMessageContainingAll(
            "ExtraPolicies: \"All\" is not accepted: Ignore, Report and Remove are",
            "AllowedPolicies: \"a b\" names no policy",
            "AllowedPolicies: an element is a number where a string belongs");
  }

  @Test
  void aTrustPolicyIsAnObjectInWhichCloudFormationSendsStringsOnly() throws Exception {
    String json =
        """
        {"InstanceProfile":"Ignore","AssumeRolePolicyDocument":{"Version":"2012-10-17",
         "Statement":[{"Effect":"Allow","Principal":{"Service":["ssm.amazonaws.com"]},
         "Action":"sts:AssumeRole","Condition":{"Bool":{"aws:SecureTransport":"true"},
         "NumericEquals":{"aws:MultiFactorAuthAge":"1"}}}]}}""";

    Requirements requirements = read(json, SETTINGS).requirements();

    assertThat(requirements.instanceProfile()).isEqualTo(InstanceProfileUse.IGNORE);
    assertThat(requirements.trustPolicy())
        .contains(
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                + "\"Principal\":{\"Service\":[\"ssm.amazonaws.com\"]},\"Action\":\"sts:AssumeRole\","
                + "\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"},"
                + "\"NumericEquals\":{\"aws:MultiFactorAuthAge\":\"1\"}}}]}");
  }

  @Test
  void aWrongTrustPolicyOrUseOfProfilesIsNamed() {
    assertThatThrownBy(
            () ->
                read(
                    "{\"AssumeRolePolicyDocument\":\"{}\",\"InstanceProfile\":\"ignore\"}",
                    SETTINGS))
        .hasMessageContaining("AssumeRolePolicyDocument: it is a string where an object belongs")
        .hasMessageContaining("InstanceProfile: \"ignore\" is not accepted");
    assertThatThrownBy(
            () -> read("{\"AssumeRolePolicyDocument\":{\"Statement\":[{\"A\":\"1\"}]}}", SETTINGS))
        .hasMessageContaining(
            "AssumeRolePolicyDocument: it is not a trust policy: a Statement has the unknown member"
                + " [A] (statement 1)");
  }

  @Test
  void emptyListsAskForNothing() throws Exception {
    var properties = read("{\"ManagedPolicyArns\":[],\"Tags\":[]}", SETTINGS);

    assertThat(properties.requirements().policies()).isEmpty();
    assertThat(properties.requirements().tags()).isEmpty();
  }

  @Test
  void allProblemsAreReportedAtOnceByName() {
    String json =
        """
        {"Rolename":"r","RoleName":"a b","Path":"p","Mode":"Both","ManagedPolicyArns":"X",
         "PermissionsBoundary":1,"Tags":[{"Key":"k"},{"Key":"k","Value":1},"t",
         {"Key":"d","Value":"1"},{"Key":"d","Value":"2"}]}""";

    assertThatThrownBy(() -> read(json, SETTINGS))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll(
            "Rolename: no such property; accepted are RoleName, Path, ManagedPolicyArns,"
                + " AssumeRolePolicyDocument, InstanceProfile, PermissionsBoundary, Tags, ExtraPolicies,"
                + " AllowedPolicies, Mode.",
            "RoleName: \"a b\" is not a role name",
            "Path: \"p\" is not a path",
            "Mode: \"Both\" is not a mode",
            "ManagedPolicyArns: it is a string where a list belongs",
            "PermissionsBoundary: it is a number where a string belongs",
            "Tags: an element is not of the form",
            "Tags: it is a number where a string belongs",
            "Tags: the key \"d\" is there twice");
  }

  @Test
  void anElementThatIsNoPolicyIsReported() {
    assertThatThrownBy(() -> read("{\"ManagedPolicyArns\":[{},\"a b\"]}", SETTINGS))
        .hasMessageContainingAll(
            "ManagedPolicyArns: an element is an object where a string belongs",
            "ManagedPolicyArns: \"a b\" is not a managed policy");
  }

  @Test
  void boundaryAndTagsAreHeldAgainstIamsRules() {
    String tags =
        IntStream.range(0, 51)
            .mapToObj("{\"Key\":\"k%d\",\"Value\":\"\"}"::formatted)
            .collect(Collectors.joining(","));

    assertThatThrownBy(() -> read("{\"PermissionsBoundary\":\"Boundary\"}", SETTINGS))
        .hasMessageContaining("PermissionsBoundary: \"Boundary\" is not a policy's ARN");
    assertThatThrownBy(() -> read("{\"Tags\":[{\"Key\":\"aws:x\",\"Value\":\"y\"}]}", SETTINGS))
        .hasMessageContaining("Tags: the tag key \"aws:x\" begins with aws:");
    assertThatThrownBy(() -> read("{\"Tags\":[%s]}".formatted(tags), SETTINGS))
        .hasMessageContaining("Tags: 51 tags are more than the 50 that are accepted");
  }

  @Test
  void aRoleMustBeNamedWhereTheFunctionGuardsSeveral() throws Exception {
    Settings several = Settings.from(Map.of("ROLE_NAMES", "a,b"));

    assertThatThrownBy(() -> read("{}", several)).hasMessageContaining("RoleName: it is required");
    assertThat(read("{\"RoleName\":\"b\"}", several).target().name()).isEqualTo("b");
  }
}
