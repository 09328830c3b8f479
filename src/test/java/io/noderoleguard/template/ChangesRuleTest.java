package io.noderoleguard.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Ruler;

/**
 * Which calls of IAM start a check, by EventBridge's own matcher. The events in {@code
 * src/test/resources/cloudtrail} are as CloudTrail recorded them, but for accounts, names and
 * addresses.
 */
final class ChangesRuleTest {

  /**
   * One of each kind of list: a name, several, more than a pattern of EventBridge holds, a star.
   */
  private static final List<String> ROLE_NAMES =
      List.of(
          "NodeInstanceRole",
          "Blue,NodeInstanceRole,Green",
          "a,b,c,d,e,NodeInstanceRole",
          "Node*Role");

  private static final String DETACHED = "03-detach-role-policy-terraform";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # recorded                                               | by the name | by a pattern
          01-attach-role-policy-console                            | true        | true
          02-attach-role-policy-cloudformation                     | true        | true
          03-detach-role-policy-terraform                          | true        | true
          05-update-assume-role-policy-foreign-account             | true        | true
          08-delete-role-console                                   | true        | true
          11-tag-role-assumed-role-boto3                           | true        | true
          13-add-role-to-instance-profile-failed                   | false       | false
          14-remove-role-from-instance-profile-terraform           | true        | true
          15-delete-instance-profile-eks-nodegroup-service-linked-role | false   | true
          """)
  void aRecordedCallStartsACheck(String file, boolean named, boolean patterned) throws Exception {
    ObjectNode event = recorded(file);
    if (event.at("/detail/requestParameters").has("roleName")) {
      parameters(event).put("roleName", "NodeInstanceRole");
    }

    assertThat(matches("NodeInstanceRole", event)).isEqualTo(named);
    assertThat(matches("Node*Role", event)).isEqualTo(patterned);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # call                         | what it names
          AddRoleToInstanceProfile       | {"roleName":"NodeInstanceRole","instanceProfileName":"X"}
          AddRoleToInstanceProfile       | {"roleName":"X","instanceProfileName":"NodeInstanceRole"}
          AttachRolePolicy               | {"roleName":"NodeInstanceRole","policyArn":"arn:aws:iam::aws:policy/X"}
          CreateRole                     | {"roleName":"NodeInstanceRole","path":"/","assumeRolePolicyDocument":"{}"}
          DeleteInstanceProfile          | {"instanceProfileName":"NodeInstanceRole"}
          DeleteRole                     | {"roleName":"NodeInstanceRole"}
          DeleteRolePermissionsBoundary  | {"roleName":"NodeInstanceRole"}
          DeleteRolePolicy               | {"roleName":"NodeInstanceRole","policyName":"X"}
          DetachRolePolicy               | {"roleName":"NodeInstanceRole","policyArn":"arn:aws:iam::aws:policy/X"}
          PutRolePermissionsBoundary     | {"roleName":"NodeInstanceRole","permissionsBoundary":"arn:aws:iam::aws:policy/X"}
          PutRolePolicy                  | {"roleName":"NodeInstanceRole","policyName":"X","policyDocument":"{}"}
          RemoveRoleFromInstanceProfile  | {"roleName":"NodeInstanceRole","instanceProfileName":"X"}
          TagRole                        | {"roleName":"NodeInstanceRole","tags":[{"key":"team","value":"x"}]}
          UntagRole                      | {"roleName":"NodeInstanceRole","tagKeys":["team"]}
          UpdateAssumeRolePolicy         | {"roleName":"NodeInstanceRole","policyDocument":"{}"}
          """)
  void everyCallThatCanMakeARoleDifferStartsACheck(String call, String names) throws Exception {
    ObjectNode event = called(call, names);

    for (String roleNames : ROLE_NAMES) {
      assertThat(matches(roleNames, event)).as(roleNames).isTrue();
    }
    detail(event).put("errorCode", "AccessDenied").put("errorMessage", "…");
    for (String roleNames : ROLE_NAMES) {
      assertThat(matches(roleNames, event)).as(roleNames).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GetRole",
        "ListAttachedRolePolicies",
        "UpdateRole",
        "UpdateRoleDescription",
        "CreateInstanceProfile",
        "TagInstanceProfile",
        "CreateServiceLinkedRole",
        "AttachUserPolicy",
        "attachRolePolicy"
      })
  void noOtherCallStartsACheck(String call) throws Exception {
    ObjectNode event =
        called(
            call,
            """
            {"roleName":"NodeInstanceRole","instanceProfileName":"NodeInstanceRole",
             "policyArn":"arn:aws:iam::123456789012:policy/X"}
            """);

    for (String roleNames : ROLE_NAMES) {
      assertThat(matches(roleNames, event)).as(roleNames).isFalse();
    }
  }

  /** Up to five names narrow the rule. IAM does not tell names apart by the letter case. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # RoleNames              | role                | starts a check
          NodeInstanceRole         | nodeinstancerole    | true
          NodeInstanceRole         | NodeInstanceRole2   | false
          NodeInstanceRole         | ci-deployer         | false
          a, b+c ,d=e,f@g-h_i.j,K  | B+C                 | true
          a, b+c ,d=e,f@g-h_i.j,K  | f@g-h_i.j           | true
          a, b+c ,d=e,f@g-h_i.j,K  | k                   | true
          a, b+c ,d=e,f@g-h_i.j,K  | b                   | false
          a, b+c ,d=e,f@g-h_i.j,K  | ci-deployer         | false
          a,b,c,d,e,f              | ci-deployer         | true
          eksctl-*                 | ci-deployer         | true
          Blue,eksctl-?-Nodes      | ci-deployer         | true
          """)
  void namesNarrowTheRuleWhereTheyFitAndHaveNoPattern(String roleNames, String role, boolean starts)
      throws Exception {
    String names = "{\"roleName\":\"%s\"}".formatted(role);

    assertThat(matches(roleNames, called("DetachRolePolicy", names))).isEqualTo(starts);
    assertThat(matches(roleNames, called("DeleteInstanceProfile", profile(role))))
        .isEqualTo(starts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/detail-type=Amazon API Call via CloudTrail",
        "/detail-type=AWS Service Event via CloudTrail",
        "/region=eu-central-1"
      })
  void theTextOfTheDetailTypeAndTheRegionDoNotMatter(String change) throws Exception {
    assertThat(matches("NodeInstanceRole", changed(change))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/source=my.iam",
        "/source=aws.sts",
        "/detail/eventSource=sts.amazonaws.com",
        "/detail/errorCode=NoSuchEntityException"
      })
  void aNearMissStartsNone(String change) throws Exception {
    assertThat(matches("NodeInstanceRole", changed(change))).isFalse();
  }

  /** What CloudTrail says of a caller, and whether the call starts a check. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # the function itself
          {"type":"AssumedRole","sessionContext":{"sessionIssuer":{"type":"Role","arn":"GuardRole.Arn"}}}                              | false
          # others
          {"type":"AssumedRole","sessionContext":{"sessionIssuer":{"type":"Role","arn":"GuardRole.Arn2"}}}                             | true
          {"type":"AssumedRole","arn":"GuardRole.Arn","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::123456789012:role/ci"}}} | true
          {"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/alice"}                                                              | true
          {"type":"IAMUser","sessionContext":{"sessionIssuer":{},"attributes":{"mfaAuthenticated":false}}}                             | true
          {"type":"Root","arn":"arn:aws:iam::123456789012:root"}                                                                       | true
          {"type":"AssumedRole","sessionContext":{},"invokedBy":"cloudformation.amazonaws.com"}                                        | true
          {"type":"FederatedUser","sessionContext":{"sessionIssuer":{"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/alice"}}}  | true
          {"type":"AWSService","invokedBy":"eks.amazonaws.com"}                                                                        | true
          {"type":"AssumedRole","invokedBy":"eks-nodegroup.amazonaws.com","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::123456789012:role/aws-service-role/eks-nodegroup.amazonaws.com/AWSServiceRoleForAmazonEKSNodegroup"}}} | true
          """)
  void onlyTheFunctionsOwnCallsStartNoCheck(String caller, boolean starts) throws Exception {
    ObjectNode event = recorded(DETACHED);
    detail(event).set("userIdentity", new JsonMapper().readTree(caller));

    for (String roleNames : ROLE_NAMES) {
      assertThat(matches(roleNames, event)).as(roleNames).isEqualTo(starts);
    }
  }

  /** Only where a required policy, or the boundary, may be a customer managed one. */
  @ParameterizedTest
  @CsvSource({
    "CreatePolicyVersion, true",
    "DeletePolicy, true",
    "DeletePolicyVersion, true",
    "SetDefaultPolicyVersion, true",
    "CreatePolicy, false",
    "TagPolicy, false"
  })
  void aNewVersionOfAPolicyStartsACheckWhereAPolicyIsNamedByItsArn(String call, boolean starts)
      throws Exception {
    String policy = "arn:aws:iam::123456789012:policy/NodeExtras";
    ObjectNode event = called(call, "{\"policyArn\":\"%s\"}".formatted(policy));
    for (Map<String, String> settings :
        List.of(
            Map.of("RequiredPolicies", policy),
            Map.of("RequiredPolicies", "AmazonEKS_CNI_Policy,A|" + policy),
            Map.of("PermissionsBoundary", policy))) {
      assertThat(matches(settings, event)).as(settings.toString()).isEqualTo(starts);
    }
    assertThat(matches(Map.of(), event)).isFalse();
  }

  /** <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html">Quota</a>. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 6, 30})
  void thePatternIsOneOfEventBridgesAndAsLongAsItTakes(int names) throws Exception {
    String roleNames =
        IntStream.range(0, names)
            .mapToObj(i -> "%02d".formatted(i) + "n".repeat(62))
            .collect(Collectors.joining(","));
    String pattern =
        pattern(
                Map.of(
                    "RoleNames",
                    roleNames,
                    "RequiredPolicies",
                    "arn:aws-us-gov:iam::123456789012:policy/NodeExtras"))
            .replace("GuardRole.Arn", "arn:aws-us-gov:iam::123456789012:role/" + "r".repeat(64));

    assertThat(JsonRuleCompiler.check(pattern)).isNull();
    assertThat(pattern).hasSizeLessThanOrEqualTo(2048);
  }

  @Test
  void theForwardingRuleIsTheSameIfItIsDeployedAsTheOutputSays() throws Exception {
    for (Map<String, String> settings :
        List.of(
            Map.<String, String>of(),
            Map.of("RoleNames", "a,b,c,d,e,f"),
            Map.of("RoleNames", "eksctl-*", "RequiredPolicies", "arn:aws:iam::aws:policy/X"))) {
      String command = Deployment.in("aws", settings).output("ChangesSeen").asText();
      assertThat(
              Forwarding.by(command)
                  .properties("ForwardRule")
                  .path("EventPattern")
                  .asText()
                  .replace(Forwarding.GUARD_ROLE_ARN, "GuardRole.Arn"))
          .isEqualTo(pattern(settings));
    }
  }

  @Test
  void theSamplesAreWhatTheRuleSendsAloneAndInMessagesOfTheQueue() throws Exception {
    JsonMapper json = new JsonMapper();
    JsonNode alone = json.readTree(Path.of("events", "role-changed.json").toFile());
    JsonNode records =
        json.readTree(Path.of("events", "role-changed-queue.json").toFile()).path("Records");

    assertThat(matches("NodeInstanceRole", alone)).isTrue();
    assertThat(records).hasSize(2);
    assertThat(json.readTree(records.at("/0/body").asText())).isEqualTo(alone);
    for (JsonNode record : records) {
      String body = record.path("body").asText();
      assertThat(matches("NodeInstanceRole", json.readTree(body))).isTrue();
      assertThat(record.path("md5OfBody").asText())
          .isEqualTo(
              HexFormat.of()
                  .formatHex(MessageDigest.getInstance("MD5").digest(body.getBytes(UTF_8))));
    }
  }

  private static boolean matches(String roleNames, JsonNode event) throws Exception {
    return matches(Map.of("RoleNames", roleNames), event);
  }

  private static boolean matches(Map<String, String> parameters, JsonNode event) throws Exception {
    return Ruler.matchesRule(event.toString(), pattern(parameters));
  }

  private static String pattern(Map<String, String> parameters) throws Exception {
    return Deployment.in("aws", parameters)
        .properties("ChangesRule")
        .path("EventPattern")
        .textValue();
  }

  private static ObjectNode recorded(String file) throws Exception {
    return (ObjectNode)
        new JsonMapper()
            .readTree(Path.of("src/test/resources/cloudtrail", file + ".json").toFile());
  }

  /** A recorded call made into another one. */
  private static ObjectNode called(String call, String names) throws Exception {
    ObjectNode event = recorded(DETACHED);
    detail(event).put("eventName", call).set("requestParameters", new JsonMapper().readTree(names));
    return event;
  }

  private static String profile(String name) {
    return "{\"instanceProfileName\":\"%s\"}".formatted(name);
  }

  /** A recorded call with one text replaced or added: a pointer and the text. */
  private static ObjectNode changed(String change) throws Exception {
    ObjectNode event = recorded(DETACHED);
    String[] pointerAndText = change.split("=", 2);
    int last = pointerAndText[0].lastIndexOf('/');
    ((ObjectNode) event.at(pointerAndText[0].substring(0, last)))
        .put(pointerAndText[0].substring(last + 1), pointerAndText[1]);
    return event;
  }

  private static ObjectNode detail(ObjectNode event) {
    return (ObjectNode) event.path("detail");
  }

  private static ObjectNode parameters(ObjectNode event) {
    return (ObjectNode) detail(event).path("requestParameters");
  }
}
