package io.noderoleguard.local.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.iam.model.EntityType;
import software.amazon.awssdk.services.iam.model.Tag;

/** The contract on our own IAM, and where moto is kinder than AWS, AWS's own rules. */
final class EmbeddedIamContractTest extends IamContractTest {

  private static EmbeddedIam embedded;

  @BeforeAll
  static void startIam() {
    embedded = EmbeddedIam.start();
  }

  @AfterAll
  static void stopIam() {
    embedded.close();
  }

  @Override
  URI endpoint() {
    return embedded.endpoint();
  }

  /** moto says "Role x not found". */
  @Test
  void aMissingRoleIsNamedInIamsWordsByEveryCall() {
    String message = "The role with name " + name + " cannot be found.";

    assertThat(
            Stream.<ThrowingCallable>of(
                () -> iam.getRole(call -> call.roleName(name)),
                () -> iam.deleteRole(call -> call.roleName(name)),
                () -> iam.listAttachedRolePolicies(call -> call.roleName(name)),
                () -> iam.listInstanceProfilesForRole(call -> call.roleName(name)),
                () -> iam.listRoleTags(call -> call.roleName(name)),
                () -> iam.attachRolePolicy(call -> call.roleName(name).policyArn(CNI_POLICY))))
        .allSatisfy(call -> assertRefused(call, 404, "NoSuchEntity", message));
  }

  /** moto's roles are found in one letter case only, and made again in another. */
  @Test
  void namesAreTheSameInAnyLetterCase() {
    createRole();
    String upper = name.toUpperCase(Locale.ROOT);

    assertThat(iam.getRole(get -> get.roleName(upper)).role().roleName()).isEqualTo(name);
    assertRefused(
        () -> iam.createRole(role -> role.roleName(upper).assumeRolePolicyDocument(TRUST_POLICY)),
        409,
        "EntityAlreadyExists",
        "Role with name " + upper + " already exists.");
  }

  /** moto takes any name. */
  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a b", "a:b", "ä"})
  void aRoleNameOfOtherCharactersIsRefused(String roleName) {
    assertRefused(
        () ->
            iam.createRole(role -> role.roleName(roleName).assumeRolePolicyDocument(TRUST_POLICY)),
        400,
        "ValidationError",
        "The specified value for roleName is invalid. It must contain only alphanumeric characters"
            + " and/or the following: +=,.@_-");
  }

  /** moto takes any length. */
  @Test
  void aRoleNameHasAtMost64Characters() {
    assertRefused(
        () ->
            iam.createRole(
                role -> role.roleName("a".repeat(65)).assumeRolePolicyDocument(TRUST_POLICY)),
        400,
        "ValidationError",
        "1 validation error detected: Value at 'roleName' failed to satisfy constraint: Member"
            + " must have length less than or equal to 64");
  }

  /** moto takes any path. */
  @ParameterizedTest
  @ValueSource(strings = {"eks", "/eks", "eks/", "//", "/e k/"})
  void aPathBeginsAndEndsWithASlash(String path) {
    assertRefused(
        () ->
            iam.createRole(
                role -> role.roleName(name).path(path).assumeRolePolicyDocument(TRUST_POLICY)),
        400,
        "ValidationError",
        "The specified value for path is invalid. It must begin and end with / and contain only"
            + " alphanumeric characters and/or / characters.");
  }

  /** moto takes trust policies without a principal, and has its own words for other faults. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # document                                                  | what is wrong
          nothing                                                     | This policy contains invalid Json
          {"Statement":[                                              | This policy contains invalid Json
          {"Statement":[]} {}                                         | This policy contains invalid Json
          {"Version":"2012-10-17","Version":"2012-10-17"}             | This policy contains invalid Json
          "text"                                                      | This policy contains invalid Json
          {}                                                          | Could not parse the policy: Statement is empty!
          {"Statement":[]}                                            | Could not parse the policy: Statement is empty!
          {"Version":"2011-01-01","Statement":[STATEMENT]}            | Policy document must be version 2012-10-17 or greater.
          {"Statements":[STATEMENT]}                                  | Unknown field Statements
          {"Statement":[{"Principals":"*"}]}                          | Unknown field Principals
          {"Statement":[{PRINCIPAL,ACTION}]}                          | Missing required field Effect
          {"Statement":[{"Effect":"allow",PRINCIPAL,ACTION}]}         | Invalid effect: allow
          {"Statement":[{ALLOW,ACTION}]}                              | Missing required field Principal
          {"Statement":[{ALLOW,"Principal":{},ACTION}]}               | Missing required field Principal cannot be empty!
          {"Statement":[{ALLOW,"Principal":{"Service":[]},ACTION}]}   | Missing required field Principal cannot be empty!
          {"Statement":[{ALLOW,"Principal":{"Service":"ec2"},ACTION}]}| Invalid principal in policy: "SERVICE":"ec2"
          {"Statement":[{ALLOW,"Principal":{"AWS":"me"},ACTION}]}     | Invalid principal in policy: "AWS":"me"
          {"Statement":[{ALLOW,"Principal":{"AWS":"NOBODY"},ACTION}]} | Invalid principal in policy: "AWS":"NOBODY"
          {"Statement":[{ALLOW,"Principal":{"Who":"*"},ACTION}]}      | Invalid principal in policy: "WHO":"*"
          {"Statement":[{ALLOW,"NotPrincipal":{"AWS":"*"},ACTION}]}   | Allow with NotPrincipal is not allowed.
          {"Statement":[{ALLOW,PRINCIPAL}]}                           | Missing required field Action
          {"Statement":[{ALLOW,PRINCIPAL,"Action":"*"}]}              | AssumeRole policy may only specify STS AssumeRole actions.
          {"Statement":[{ALLOW,PRINCIPAL,"Action":"sts:Other"}]}      | AssumeRole policy may only specify STS AssumeRole actions.
          {"Statement":[{ALLOW,PRINCIPAL,ACTION,"Resource":"*"}]}     | Has prohibited field Resource
          {"Statement":[{ALLOW,PRINCIPAL,ACTION,"NotResource":"*"}]}  | AssumeRole policy must not contain resources.
          {"Statement":[{ALLOW,PRINCIPAL,ACTION,"Condition":"x"}]}    | Syntax errors in policy.
          {"Statement":[STATEMENT,STATEMENT]}                         | Statement IDs (SID) in a single policy must be unique.
          """)
  void aMalformedTrustPolicyIsRefused(String document, String message) {
    createRole();

    assertRefused(
        () ->
            iam.updateAssumeRolePolicy(
                update -> update.roleName(name).policyDocument(spelledOut(document))),
        400,
        "MalformedPolicyDocument",
        spelledOut(message));
    assertThat(embedded.account().role(name).orElseThrow().trustPolicy()).isEqualTo(TRUST_POLICY);
  }

  private static String spelledOut(String text) {
    return text.replace("STATEMENT", "{\"Sid\":\"1\",ALLOW,PRINCIPAL,ACTION}")
        .replace("ALLOW", "\"Effect\":\"Allow\"")
        .replace("PRINCIPAL", "\"Principal\":{\"Service\":\"ec2.amazonaws.com\"}")
        .replace("ACTION", "\"Action\":\"sts:AssumeRole\"")
        .replace("NOBODY", "arn:aws:iam::123456789012:role/nobody");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // one statement outside a list, one action in a list, any letter case, wildcards
        "{'Statement':{'Effect':'Allow','Principal':'*','Action':['STS:assumerole']}}",
        "{'Statement':[{'Effect':'Allow','Principal':{'AWS':'*'},'Action':'sts:*'}]}",
        "{'Statement':[{'Effect':'Allow','Principal':{'AWS':'999999999999'},"
            + "'Action':['sts:AssumeRole','sts:TagSession']}]}",
        "{'Statement':[{'Effect':'Deny','NotPrincipal':{'AWS':"
            + "'arn:aws:iam::999999999999:root'},'Action':'sts:Assume*'}]}",
        "{'Id':'x','Statement':[{'Effect':'Allow','Principal':{'Federated':"
            + "'cognito-identity.amazonaws.com'},'Action':'sts:AssumeRoleWithWebIdentity',"
            + "'Condition':{'StringEquals':{'a':'b'}}}]}",
        "{'Statement':[{'Effect':'Allow','Principal':{'Service':"
            + "['ec2.amazonaws.com.cn','ec2.amazonaws.com']},'Action':'sts:AssumeRole'}]}",
      })
  void aTrustPolicyMayBeWrittenInManyWays(String document) {
    String trustPolicy = document.replace('\'', '"');

    createRole(trustPolicy);

    assertThat(decoded(iam.getRole(get -> get.roleName(name)).role().assumeRolePolicyDocument()))
        .isEqualTo(trustPolicy);
  }

  /** moto has no such quota. White space does not count. */
  @Test
  void aTrustPolicyHasAtMost2048Characters() {
    String longest =
        TRUST_POLICY.replace(
            "{\"Effect\"",
            "{\"Sid\":\"" + "s".repeat(2048 - TRUST_POLICY.length() - 9) + "\",\"Effect\"");
    createRole(longest.replace(",", " , "));

    assertRefused(
        () ->
            iam.updateAssumeRolePolicy(
                update ->
                    update
                        .roleName(name)
                        .policyDocument(longest.replace("\"Sid\":\"", "\"Sid\":\"s"))),
        409,
        "LimitExceeded",
        "Cannot exceed quota for ACLSizePerRole: 2048");
  }

  /** moto has no such quota. */
  @Test
  void aRoleHasAtMostTenManagedPolicies() {
    createRole();
    Stream.of(
            "AmazonEKSWorkerNodePolicy",
            "AmazonEC2ContainerRegistryReadOnly",
            "AmazonEC2ContainerRegistryPullOnly",
            "AmazonSSMManagedInstanceCore",
            "CloudWatchAgentServerPolicy",
            "AmazonS3ReadOnlyAccess",
            "AmazonEC2ReadOnlyAccess",
            "ReadOnlyAccess",
            "service-role/AmazonEBSCSIDriverPolicy",
            "job-function/ViewOnlyAccess")
        .map(embedded.account()::awsPolicyArn)
        .forEach(arn -> iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(arn)));

    assertRefused(
        () -> iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(CNI_POLICY)),
        409,
        "LimitExceeded",
        "Cannot exceed quota for PoliciesPerRole: 10");
  }

  /** moto looks such a policy up and does not find it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "AmazonEKSWorkerNodePolicy",
        "arn:aws-cn:iam::aws:policy/AmazonEKSWorkerNodePolicy",
        "arn:aws:s3:::bucket-of-policies"
      })
  void anArnMustBeOneOfAPolicyOfThePartition(String arn) {
    createRole();

    assertRefused(
        () -> iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(arn)),
        400,
        "ValidationError",
        "ARN " + arn + " is not valid.");
  }

  /** moto attaches it. */
  @Test
  void aServiceLinkedRolesPolicyIsForNoOtherRole() {
    createRole();

    assertRefused(
        () ->
            iam.attachRolePolicy(
                attach ->
                    attach
                        .roleName(name)
                        .policyArn(
                            "arn:aws:iam::aws:policy/aws-service-role/AmazonEKSServiceRolePolicy")),
        400,
        "PolicyNotAttachable",
        "Cannot attach a Service Role Policy to a Customer Role.");
  }

  /** moto lets anyone change it. */
  @Test
  void aServiceLinkedRoleIsOnlyForAwsToChange() {
    embedded.account().createServiceLinkedRole("eks.amazonaws.com", name);

    assertThat(
            Stream.<ThrowingCallable>of(
                () -> iam.attachRolePolicy(call -> call.roleName(name).policyArn(CNI_POLICY)),
                () ->
                    iam.updateAssumeRolePolicy(
                        call -> call.roleName(name).policyDocument(TRUST_POLICY)),
                () -> iam.deleteRole(call -> call.roleName(name)),
                () -> iam.tagRole(call -> call.roleName(name).tags(tag("a", "b")))))
        .allSatisfy(
            call ->
                assertRefused(
                    call,
                    400,
                    "UnmodifiableEntity",
                    "Cannot perform the operation on the protected role '"
                        + name
                        + "' - this role is only modifiable by AWS"));
  }

  /** moto keeps both. */
  @Test
  void aTagKeyInAnotherLetterCaseIsTheSameKey() {
    createRole();
    iam.tagRole(tag -> tag.roleName(name).tags(tag("CostCenter", "1")));

    iam.tagRole(tag -> tag.roleName(name).tags(tag("costcenter", "2")));

    assertThat(iam.listRoleTags(list -> list.roleName(name)).tags())
        .extracting(Tag::value)
        .containsExactly("2");
  }

  /** moto's limit is per call. */
  @Test
  void aRoleHasAtMostFiftyTags() {
    createRole();
    iam.tagRole(
        call ->
            call.roleName(name)
                .tags(IntStream.range(0, 50).mapToObj(i -> tag("key" + i, "")).toList()));

    assertRefused(
        () -> iam.tagRole(call -> call.roleName(name).tags(tag("one-more", ""))),
        409,
        "LimitExceeded",
        "Cannot exceed quota for TagsPerRole: 50");
  }

  /** moto names a tag X where AWS counts it. */
  @Test
  void allThatIsWrongWithTagsIsSaidAtOnce() {
    createRole();

    assertRefused(
        () ->
            iam.tagRole(
                call ->
                    call.roleName(name).tags(tag("a".repeat(129), ""), tag("b", "c".repeat(257)))),
        400,
        "ValidationError",
        "2 validation errors detected: Value at 'tags.1.member.key' failed to satisfy constraint:"
            + " Member must have length less than or equal to 128; Value at 'tags.2.member.value'"
            + " failed to satisfy constraint: Member must have length less than or equal to 256");
  }

  /** moto's last page says that there is another. */
  @Test
  void theLastPageSaysSo() {
    createRole();
    iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(WORKER_NODE_POLICY));
    iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(CNI_POLICY));

    var first = iam.listAttachedRolePolicies(list -> list.roleName(name).maxItems(1));
    var last =
        iam.listAttachedRolePolicies(
            list -> list.roleName(name).maxItems(1).marker(first.marker()));

    assertThat(first.isTruncated()).isTrue();
    assertThat(last.isTruncated()).isFalse();
    assertThat(last.marker()).isNull();
  }

  /** moto returns all of them. */
  @Test
  void theAuthorizationDetailsHonourMaxItems() {
    createRole();
    embedded.account().createRole(name + "-2", TRUST_POLICY);

    var page = iam.getAccountAuthorizationDetails(get -> get.filter(EntityType.ROLE).maxItems(1));

    assertThat(page.roleDetailList()).hasSize(1);
    assertThat(page.isTruncated()).isTrue();
    assertRefused(
        () -> iam.getAccountAuthorizationDetails(get -> get.filter(EntityType.ROLE).maxItems(1001)),
        400,
        "ValidationError",
        "1 validation error detected: Value at 'maxItems' failed to satisfy constraint: Member"
            + " must have value less than or equal to 1000");
  }

  /** moto's ids of profiles look like nothing that AWS makes. */
  @Test
  void aProfilesIdIsOneOfAProfile() {
    iam.createInstanceProfile(profile -> profile.instanceProfileName(name));

    assertThat(
            iam.getInstanceProfile(get -> get.instanceProfileName(name))
                .instanceProfile()
                .instanceProfileId())
        .startsWith("AIPA")
        .hasSize(21);
  }

  /** moto has another code for the first, and does not look the second up. */
  @Test
  void aBoundaryIsAPolicyThatExists() {
    createRole();

    assertRefused(
        () ->
            iam.putRolePermissionsBoundary(
                put -> put.roleName(name).permissionsBoundary("arn:aws:iam::123456789012:user/x")),
        400,
        "InvalidInput",
        "ARN arn:aws:iam::123456789012:user/x is not valid.");
    assertRefused(
        () ->
            iam.putRolePermissionsBoundary(
                put ->
                    put.roleName(name).permissionsBoundary("arn:aws:iam::123456789012:policy/x")),
        404,
        "NoSuchEntity",
        "Scope ARN: arn:aws:iam::123456789012:policy/x does not exist or is not attachable.");
  }

  /** moto has no such quota. */
  @Test
  void theInlinePoliciesOfARoleHaveAtMost10240Characters() {
    createRole();
    String large = INLINE_POLICY.replace("\"*\"", "\"arn:aws:s3:::" + "a".repeat(10_200) + "\"");

    assertRefused(
        () -> iam.putRolePolicy(put -> put.roleName(name).policyName("p").policyDocument(large)),
        409,
        "LimitExceeded",
        "Maximum policy size of 10240 bytes exceeded for role " + name);
  }

  /** moto gives a new role a session duration in its answer, which AWS does not. */
  @Test
  void aNewRolesAnswerOmitsWhatAwsOmits() {
    assertThat(createRole().maxSessionDuration()).isNull();
    assertThat(List.of(iam.getRole(get -> get.roleName(name)).role()))
        .allSatisfy(role -> assertThat(role.roleLastUsed().lastUsedDate()).isNull());
  }
}
