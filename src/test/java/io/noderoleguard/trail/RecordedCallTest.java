package io.noderoleguard.trail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue.JsonNull;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.rig.TrailEvents;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordedCallTest {

  private static RecordedCall read(ObjectNode event) throws Exception {
    JsonObject json = (JsonObject) Json.parse(event.toString());
    return RecordedCall.read((JsonObject) json.get("detail"), json.get("time"));
  }

  private static RecordedCall recorded(String start) throws Exception {
    String name =
        TrailEvents.recorded().stream().filter(each -> each.startsWith(start)).findFirst().get();
    return read(TrailEvents.recorded(name));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # file | what the message says
          01 | AllowKMS was attached: arn:aws:iam::123456789012:user/alice (the console, 203.0.113.10)
          02 | AmazonEKSWorkerNodePolicy was attached: arn:aws:sts::123456789012:assumed-role/deploy-role/i-0123456789abcdef0 (CloudFormation)
          03 | AmazonEKS_CNI_Policy was detached: arn:aws:iam::123456789012:user/alice (Terraform, 203.0.113.10)
          05 | The trust policy was replaced: arn:aws:iam::123456789012:user/alice (stratus-red-team_05b16a01-46c6-46dd-b..., 203.0.113.10)
          08 | The role was deleted: arn:aws:iam::123456789012:user/alice (the console, 203.0.113.10)
          11 | Tags were set: arn:aws:sts::123456789012:assumed-role/automation-role/automation-session (boto3, 203.0.113.10)
          13 | The role was added to the instance profile NodeInstanceRole: arn:aws:sts::123456789012:assumed-role/AWS-QuickSetup-example/Automation-4f3f2898-69e3-4a0d-820a-c4e87987dbce (boto3, 203.0.113.10)
          14 | The role was removed from the instance profile NodeInstanceRole: arn:aws:iam::123456789012:user/alice (Terraform, 203.0.113.10)
          15 | The instance profile eks-11111111-2222-3333-4444-abcdef123456 was deleted: arn:aws:sts::123456789012:assumed-role/AWSServiceRoleForAmazonEKSNodegroup/EKS (eks-nodegroup.amazonaws.com)
          """,
      delimiter = '|')
  void eachRecordedCallIsPutInWords(String file, String words) throws Exception {
    RecordedCall call = recorded(file);

    assertThat(call.words() + ": " + call.caller().words()).isEqualTo(words);
    assertThat(call.at()).isPresent();
    assertThat(call.eventId()).isPresent();
    assertThat(call.isEffective()).isEqualTo(!file.equals("13"));
  }

  @Test
  void aRolesOwnCallsAreKnownByWhatNobodyCanChoose() throws Exception {
    RecordedCall call = recorded("11");

    assertThat(call.isBy("arn:aws:iam::123456789012:role/automation-role")).isTrue();
    assertThat(
            call.isBy("arn:aws:sts::123456789012:assumed-role/automation-role/automation-session"))
        .isFalse();
    assertThat(recorded("02").isBy("arn:aws:iam::123456789012:role/deploy-role")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # user agent | with
          APN/1.0 HashiCorp/1.0 Terraform/1.9 terraform-provider-aws/5 aws-sdk-go-v2/1.30 | Terraform
          OpenTofu/1.8 aws-sdk-go-v2/1.30                               | OpenTofu
          aws-cli/2.17.0 md/awscrt#0.21 ua/2.0 os/linux lang/python#3.11 | AWS CLI
          Boto3/1.34 c7n/0.9                                            | Cloud Custodian
          eksctl/0.190 aws-sdk-go-v2/1.30                               | eksctl
          aws-sdk-java/2.57.8 md/io#sync                                | AWS SDK for Java
          aws-sdk-js/3.600 ua/2.0                                       | AWS SDK for JavaScript
          Botocore/1.34                                                 | botocore
          my-tool/1.0 (x)                                               | my-tool
          my tool                                                       | my
          signin.amazonaws.com                                          | the console
          console.amazonaws.com                                         | the console
          AWS Internal                                                  | the console
          """,
      delimiter = '|')
  void theToolIsToldByItsUserAgent(String userAgent, String with) throws Exception {
    ObjectNode event = TrailEvents.detached();
    TrailEvents.detail(event).put("userAgent", userAgent);

    assertThat(read(event).caller().with()).contains(with);
  }

  @Test
  void whoHasNoArnIsNamedAsWellAsCanBe() throws Exception {
    ObjectNode event = TrailEvents.detached();
    ObjectNode identity = TrailEvents.detail(event).putObject("userIdentity");
    identity.put("type", "AWSService").put("invokedBy", "eks.amazonaws.com");
    TrailEvents.detail(event)
        .put("userAgent", "eks.amazonaws.com")
        .put("sourceIPAddress", "eks.amazonaws.com");
    assertThat(read(event).caller().words()).isEqualTo("eks.amazonaws.com");

    identity.remove("invokedBy");
    identity.put("principalId", "AIDA1");
    TrailEvents.detail(event).remove("userAgent");
    assertThat(read(event).caller().words()).isEqualTo("AIDA1");

    identity.remove("principalId");
    assertThat(read(event).caller().words()).isEqualTo("someone");
  }

  @Test
  void aRecordWithLittleInItIsRead() throws Exception {
    JsonObject record = (JsonObject) Json.parse("{\"eventName\":\"DeleteRole\"}");

    RecordedCall call = RecordedCall.read(record, JsonNull.NULL);

    assertThat(call.words()).isEqualTo("The role was deleted");
    assertThat(call.at()).isEmpty();
    assertThat(call.subject().roleName()).isEmpty();
  }

  @Test
  void theTimeOfTheEventCountsWhereTheRecordHasNone() throws Exception {
    ObjectNode event = TrailEvents.detached();
    TrailEvents.detail(event).remove("eventTime");
    assertThat(read(event).at()).contains(Instant.parse("2023-07-10T12:08:00Z"));

    event.put("time", "yesterday");
    assertThat(read(event).at()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[31mred\u001b[0m",
        "a\n{\"level\":\"ERROR\",\"status\":\"FAILED\"}",
        "\u202egnp.exe",
        "\u0085\u2028next",
        "\"quoted\" \\ and \u0000",
        "\ud800"
      })
  void aStrangersTextIsOneShortPrintableLine(String text) throws Exception {
    String huge = text + "x".repeat(1 << 20);
    ObjectNode event =
        TrailEvents.like("DetachRolePolicy", "roleName", huge, "policyArn", "arn:x/" + huge);
    ObjectNode detail = TrailEvents.detail(event);
    detail.put("userAgent", huge).put("sourceIPAddress", huge).put("eventID", huge);
    ((ObjectNode) detail.path("userIdentity")).put("arn", huge);

    RecordedCall call = read(event);

    assertThat(call.caller().words() + call.words() + call.eventId() + call.subject())
        .matches("[ -~]*")
        .doesNotContain("\"", "\\");
    assertThat(call.caller().words()).hasSizeLessThan(450);
    assertThat(call.words()).hasSizeLessThan(1_100);
    assertThat(call.eventId().map(String::length).orElse(0)).isBetween(1, 64);
  }

  @Test
  void booleansMayBeStrings() throws Exception {
    ObjectNode event = TrailEvents.detached();
    ObjectNode detail = TrailEvents.detail(event);
    detail.put("userAgent", "Mozilla/5.0").put("sessionCredentialFromConsole", true);
    assertThat(read(event).caller().with()).contains("the console");

    detail.put("sessionCredentialFromConsole", "true").put("readOnly", "true");
    assertThat(read(event).caller().with()).contains("the console");
    assertThat(read(event).isEffective()).isFalse();

    detail.put("sessionCredentialFromConsole", "false").put("readOnly", "false");
    assertThat(read(event).caller().with()).isEqualTo(Optional.of("Mozilla"));
    assertThat(read(event).isEffective()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AttachRolePolicy",
        "DetachRolePolicy",
        "PutRolePolicy",
        "DeleteRolePolicy",
        "UpdateAssumeRolePolicy",
        "CreateRole",
        "DeleteRole",
        "UpdateRole",
        "UpdateRoleDescription",
        "TagRole",
        "UntagRole",
        "PutRolePermissionsBoundary",
        "DeleteRolePermissionsBoundary",
        "AddRoleToInstanceProfile",
        "RemoveRoleFromInstanceProfile",
        "CreateInstanceProfile",
        "DeleteInstanceProfile",
        "CreatePolicyVersion",
        "SetDefaultPolicyVersion",
        "DeletePolicyVersion",
        "DeletePolicy"
      })
  void everyActionHasWords(String action) throws Exception {
    RecordedCall call =
        read(
            TrailEvents.like(
                action,
                "roleName",
                "r",
                "policyArn",
                "arn:aws:iam::aws:policy/P",
                "policyName",
                "inline",
                "instanceProfileName",
                "profile"));

    assertThat(call.words()).doesNotContain(action).matches("[A-Z].* (was|were|got) .*");
  }
}
