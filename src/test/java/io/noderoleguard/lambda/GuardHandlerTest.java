package io.noderoleguard.lambda;

import static io.noderoleguard.rig.HandlerRig.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noderoleguard.event.RefusedEventException;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.IamError;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.report.Version;
import io.noderoleguard.rig.HandlerRig;
import io.noderoleguard.settings.InvalidInputException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GuardHandlerTest {

  private static final String TRUST =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
      "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

  private final HandlerRig rig = new HandlerRig(Duration.ofSeconds(1));
  private final EmbeddedIam iam = rig.iam();
  private final Map<String, String> environment = rig.environment();
  private final CloudFormationReceiver receiver = rig.receiver();

  @AfterEach
  void close() {
    rig.close();
  }

  private String handle(String event) throws IOException {
    return rig.handle(event);
  }

  private String request(String name) throws IOException {
    return rig.request(name);
  }

  private String answer() throws Exception {
    return receiver.awaitAnswer(Duration.ofSeconds(10)).body();
  }

  @ParameterizedTest
  @ValueSource(strings = {"scheduled.json", "scheduler.json", "direct.json", "direct-audit.json"})
  void aCompliantRoleIsReportedInTheShapeThatScriptsRelyOn(String event) throws Exception {
    RightRole.addTo(iam.account());

    assertThat(handle(sample(event)))
        .isEqualTo(
            ("{\"status\":\"COMPLIANT\",\"mode\":\"%s\",\"counts\":{\"COMPLIANT\":1,\"REPAIRED\":0,"
                    + "\"DRIFTED\":0,\"FAILED\":0},\"cause\":{\"type\":\"%s\"},\"roles\":[{\"roleName\":\"NodeInstanceRole\","
                    + "\"roleArn\":\"arn:aws:iam::123456789012:role/NodeInstanceRole\","
                    + "\"status\":\"COMPLIANT\",\"findings\":[],\"changes\":[],\"effect\":\"VERIFIED\"}],"
                    + "\"summary\":\"NodeInstanceRole is COMPLIANT.\",\"version\":\"%s\"}")
                .formatted(
                    event.equals("direct-audit.json") ? "Audit" : "Repair",
                    event.startsWith("direct") ? "Asked" : "Schedule",
                    Version.CURRENT));
    assertThat(iam.writes()).isEmpty();
  }

  @Test
  void aRepairIsReportedInTheShapeThatScriptsRelyOn() throws Exception {
    RightRole.addTo(iam.account());
    String cni = iam.account().awsPolicyArn("AmazonEKS_CNI_Policy");
    iam.account().detachRolePolicy("NodeInstanceRole", cni);

    assertThat(handle(sample("scheduled.json")))
        .isEqualTo(
            "{\"status\":\"REPAIRED\",\"mode\":\"Repair\",\"counts\":{\"COMPLIANT\":0,\"REPAIRED\":1,"
                + "\"DRIFTED\":0,\"FAILED\":0},\"cause\":{\"type\":\"Schedule\"},\"roles\":[{"
                + "\"roleName\":\"NodeInstanceRole\",\"roleArn\":\"arn:aws:iam::123456789012:role/NodeInstanceRole\","
                + "\"status\":\"REPAIRED\",\"findings\":[{\"type\":\"ManagedPolicyNotAttached\","
                + "\"policyArn\":\"arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy\",\"message\":\"The"
                + " managed policy arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy is not"
                + " attached.\"}],\"changes\":[{\"type\":\"AttachManagedPolicy\",\"policyArn\":"
                + "\"arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy\",\"outcome\":\"APPLIED\","
                + "\"message\":\"Attached arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy.\"}],\"effect\":\"VERIFIED\"}],"
                + "\"summary\":\"NodeInstanceRole is REPAIRED. The managed policy"
                + " arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy is not attached. Attached"
                + " arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy.\",\"version\":\""
                + Version.CURRENT
                + "\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"scheduled.json", "scheduler.json", "direct.json", "cfn-create.json"})
  void runBySamOnARealAccountNothingIsChanged(String event) throws Exception {
    environment.remove("AWS_ENDPOINT_URL_IAM");

    assertThat(handle(event.startsWith("cfn") ? request(event) : sample(event)))
        .startsWith("{\"status\":\"DRIFTED\",\"mode\":\"Audit\",");

    assertThat(iam.writes()).isEmpty();
  }

  @Test
  void runBySamOnARealAccountOnlyAnEventThatSaysSoRepairs() throws Exception {
    environment.remove("AWS_ENDPOINT_URL_IAM");

    assertThat(handle("{\"mode\":\"Repair\"}"))
        .startsWith("{\"status\":\"REPAIRED\",\"mode\":\"Repair\",");
  }

  @ParameterizedTest
  @ValueSource(strings = {"scheduled.json", "scheduler.json", "direct.json", "cfn-create.json"})
  void theModeOfTheSettingsIsKept(String event) throws Exception {
    environment.put("MODE", "Audit");

    assertThat(handle(event.startsWith("cfn") ? request(event) : sample(event)))
        .startsWith("{\"status\":\"DRIFTED\",\"mode\":\"Audit\",");

    assertThat(iam.writes()).isEmpty();
  }

  @Test
  void aRoleThatOnlyAPatternMatchesIsNotCreated() {
    environment.put("ROLE_NAMES", "eks-*");

    assertThatThrownBy(() -> handle("{\"roleName\":\"eks-nodes\"}"))
        .hasMessageContaining("eks-nodes");

    assertThat(iam.writes()).isEmpty();
    assertThat(iam.account().role("eks-nodes")).isEmpty();
  }

  @Test
  void anInvocationEndsBeforeLambdaEndsIt() {
    iam.faults().always("GetRole", new Fault.NoAnswer());
    Duration time = Duration.ofSeconds(3);
    long start = System.nanoTime();

    assertThatThrownBy(() -> rig.handle("{}", rig::guard, HandlerRig.FUNCTION_ARN, time))
        .hasMessageContaining("time");

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(time);
  }

  @Test
  void anAuditOfAMissingRoleListsWhatRemains() throws Exception {
    assertThat(handle("{\"mode\":\"Audit\"}"))
        .startsWith(
            "{\"status\":\"DRIFTED\",\"mode\":\"Audit\",\"counts\":{\"COMPLIANT\":0,\"REPAIRED\":0,"
                + "\"DRIFTED\":1,\"FAILED\":0},\"cause\":{\"type\":\"Asked\"},\"roles\":[{\"roleName\":\"NodeInstanceRole\","
                + "\"status\":\"DRIFTED\",\"findings\":[{\"type\":\"RoleMissing\",")
        .contains("\"remaining\":[{\"type\":\"RoleMissing\",");
    assertThat(iam.writes()).isEmpty();
  }

  @Test
  void aFailedRoleFailsTheInvocationOnceAllRolesAreChecked() {
    RightRole.addTo(iam.account());
    environment.put("ROLE_NAMES", "First,NodeInstanceRole,Last");
    iam.faults().always("CreateRole", new Fault.Denied());

    assertThatThrownBy(() -> handle(sample("scheduled.json")))
        .isInstanceOf(CheckFailedException.class)
        .hasMessageContaining("First: iam:CreateRole for role First failed: AccessDenied")
        .hasMessageContaining("Last: iam:CreateRole")
        .hasMessageNotContaining("NodeInstanceRole:");
    assertThat(iam.calls()).anyMatch(call -> call.parameters().containsValue("NodeInstanceRole"));
  }

  private static final List<String> WHY_DENIED =
      List.of(
          "because no identity-based policy allows the action",
          "because no permissions boundary allows the action",
          "with an explicit deny in a service control policy");

  static Stream<Arguments> missingPermissions() {
    String role = "role NodeInstanceRole";
    String profile = "instance profile NodeInstanceRole";
    return Stream.of(
            // action, what it is called for
            List.of("GetRole", role),
            List.of("ListAttachedRolePolicies", role),
            List.of("ListInstanceProfilesForRole", role),
            List.of("GetInstanceProfile", profile),
            List.of("CreateRole", role),
            List.of("UpdateAssumeRolePolicy", role),
            List.of(
                "AttachRolePolicy",
                role + " and policy arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"),
            List.of(
                "PutRolePermissionsBoundary",
                role + " and policy arn:aws:iam::aws:policy/PowerUserAccess"),
            List.of("TagRole", role),
            List.of("CreateInstanceProfile", profile),
            List.of("AddRoleToInstanceProfile", role + " and " + profile))
        .flatMap(
            call ->
                WHY_DENIED.stream().map(why -> Arguments.of(call.getFirst(), call.getLast(), why)));
  }

  private void deny(String action, String why) {
    iam.faults()
        .always(
            action,
            Fault.refused(
                new IamError(
                    "AccessDenied",
                    403,
                    "User: guard is not authorized to perform: iam:%s on resource: X %s"
                        .formatted(action, why))));
  }

  @ParameterizedTest
  @MethodSource("missingPermissions")
  void aMissingPermissionIsReportedWithActionResourceAndReason(
      String action, String resource, String why) throws Exception {
    if (!action.equals("CreateRole")) {
      iam.account().createRole("NodeInstanceRole", TRUST.replace("ec2.", "lambda."));
    }
    environment.put("PERMISSIONS_BOUNDARY", "arn:aws:iam::aws:policy/PowerUserAccess");
    environment.put("ROLE_TAGS", "team=nodes");
    deny(action, why);
    String told = "iam:%s for %s failed: AccessDenied: ".formatted(action, resource);

    String report = handle(request("cfn-create.json"));

    JsonNode answer = new ObjectMapper().readTree(answer());
    assertThat(answer.path("Status").asText()).isEqualTo("FAILED");
    assertThat(answer.path("Reason").asText()).contains(told, why);
    JsonNode role = new ObjectMapper().readTree(report).path("roles").path(0);
    assertThat(role.findValuesAsText("reason"))
        .anySatisfy(reason -> assertThat(reason).contains(told, why));

    assertThatThrownBy(() -> handle(sample("scheduled.json")))
        .isInstanceOf(CheckFailedException.class)
        .hasMessageContainingAll("NodeInstanceRole: ", told, why);
  }

  @Test
  void aDeniedReadOfTheAccountFailsEachNameAndPattern() {
    environment.put("ROLE_NAMES", "eks-*,NodeInstanceRole");
    for (String why : WHY_DENIED) {
      iam.faults().clear();
      deny("GetAccountAuthorizationDetails", why);
      String told =
          "iam:GetAccountAuthorizationDetails for the account's roles failed: AccessDenied: ";

      assertThatThrownBy(() -> handle(sample("scheduled.json")))
          .isInstanceOf(CheckFailedException.class)
          .hasMessageContainingAll("NodeInstanceRole: " + told, "eks-*: Not all roles", why);
    }
  }

  @Test
  void aDirectCallMayNameOneOfTheGuardedRoles() throws Exception {
    RightRole.addTo(iam.account());
    environment.put("ROLE_NAMES", "Other,NodeInstanceRole");

    assertThat(handle("{\"roleName\":\"NodeInstanceRole\"}"))
        .contains("\"status\":\"COMPLIANT\"")
        .doesNotContain("Other");
  }

  @Test
  void aDirectCallMayNameARoleOfAPatternButCreatesNone() throws Exception {
    RightRole.addTo(iam.account());
    environment.put("ROLE_NAMES", "Node*");

    assertThat(handle("{\"roleName\":\"NodeInstanceRole\"}")).contains("\"status\":\"COMPLIANT\"");
    assertThat(handle("{}")).contains("\"COMPLIANT\":1");
    assertThatThrownBy(() -> handle("{\"roleName\":\"NodeTypo\"}"))
        .isInstanceOf(CheckFailedException.class)
        .hasMessageContaining("NodeTypo: The role does not exist, and a pattern creates no role.");
    assertThatThrownBy(() -> handle("{\"roleName\":\"Node*\"}"))
        .isInstanceOf(RefusedEventException.class);
    assertThat(iam.writes()).isEmpty();
  }

  @Test
  void aDirectCallForAnyOtherRoleIsRefusedAndIamIsNotTouched() {
    assertThatThrownBy(() -> handle("{\"roleName\":\"Admin\"}"))
        .isInstanceOf(RefusedEventException.class)
        .hasMessageContaining("'Admin' is not guarded, but NodeInstanceRole");
    assertThat(iam.calls()).isEmpty();
  }

  @Test
  void invalidSettingsFailEveryCheckAndAreAllNamed() {
    environment.put("MODE", "x");
    environment.put("ROLE_PATH", "y");

    assertThatThrownBy(() -> handle(sample("scheduled.json")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll("MODE: ", "ROLE_PATH: ");
    assertThat(iam.calls()).isEmpty();
  }

  @Test
  void wrongSettingsAreAnsweredToCloudFormation() throws Exception {
    environment.put("MODE", "x");
    environment.put("ROLE_PATH", "y");

    assertThat(handle(request("cfn-create.json"))).isEqualTo("{}");
    assertThat(answer()).contains("\"Status\":\"FAILED\"", "MODE: ", "ROLE_PATH: ");
    assertThat(iam.calls()).isEmpty();
  }

  @Test
  void theResponseToACreateNamesTheCompliantRole() throws Exception {
    String report = handle(request("cfn-create.json"));

    assertThat(report).contains("\"status\":\"REPAIRED\"").doesNotContain("http");
    String id = iam.account().getRole("NodeInstanceRole").id();
    assertThat(answer())
        .isEqualTo(
            "{\"Status\":\"SUCCESS\",\"PhysicalResourceId\":\"NodeInstanceRole\","
                + "\"StackId\":\"arn:aws:cloudformation:eu-central-1:123456789012:stack/node-group/6f0d7c60-f1b4-11f0-9a3e-0a5d2f6c9b17\","
                + "\"RequestId\":\"2d1c9c1e-5f0f-4f0a-8f0c-3b6f5f4a9d10\","
                + "\"LogicalResourceId\":\"NodeRole\","
                + "\"Data\":{\"Arn\":\"arn:aws:iam::123456789012:role/NodeInstanceRole\","
                + "\"AwsAuthArn\":\"arn:aws:iam::123456789012:role/NodeInstanceRole\","
                + "\"InstanceProfileArn\":\"arn:aws:iam::123456789012:instance-profile/NodeInstanceRole\","
                + "\"InstanceProfileName\":\"NodeInstanceRole\","
                + "\"RoleArn\":\"arn:aws:iam::123456789012:role/NodeInstanceRole\","
                + "\"RoleId\":\"%s\",\"RoleName\":\"NodeInstanceRole\",\"Status\":\"REPAIRED\"}}"
                    .formatted(id));
  }

  @Test
  void anAuditIsAGateThatListsTheFindingsAndChangesNothing() throws Exception {
    RightRole.addTo(iam.account());
    iam.account()
        .detachRolePolicy("NodeInstanceRole", iam.account().awsPolicyArn("AmazonEKS_CNI_Policy"));
    String update =
        request("cfn-update.json")
            .replaceFirst("\"ResourceProperties\": \\{", "$0\"Mode\": \"Audit\",");

    assertThat(handle(update)).contains("\"status\":\"DRIFTED\"");
    assertThat(answer())
        .contains(
            "\"Status\":\"FAILED\"",
            "AmazonEKS_CNI_Policy is not attached",
            "\"PhysicalResourceId\":\"NodeInstanceRole\"");
    assertThat(iam.writes()).isEmpty();
  }

  @Test
  void aDeleteSucceedsWithoutACallToIam() throws Exception {
    assertThat(handle(request("cfn-delete.json"))).isEqualTo("{}");
    assertThat(answer())
        .contains("\"Status\":\"SUCCESS\"", "\"PhysicalResourceId\":\"NodeInstanceRole\"");
    assertThat(iam.calls()).isEmpty();
  }

  @Test
  void badPropertiesAreAnsweredAllAtOnceAndNothingIsWritten() throws Exception {
    String create =
        request("cfn-create.json")
            .replaceFirst(
                "\"ResourceProperties\": \\{", "$0\"Mode\": \"x\", \"Colour\": \"blue\",");

    assertThat(handle(create)).isEqualTo("{}");
    assertThat(answer())
        .contains(
            "\"Status\":\"FAILED\"",
            "Mode: ",
            "Colour: no such property",
            "\"PhysicalResourceId\":\"failed-NodeRole\"");
    assertThat(iam.calls()).isEmpty();
  }

  @Test
  void afterARefusedEventTheNextIsServed() throws Exception {
    RightRole.addTo(iam.account());
    assertThatThrownBy(() -> handle("{\"Records\":[]}")).isInstanceOf(RefusedEventException.class);

    assertThat(handle("{}")).contains("COMPLIANT");
  }
}
