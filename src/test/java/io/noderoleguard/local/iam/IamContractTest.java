package io.noderoleguard.local.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.EntityType;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.Tag;

/**
 * What every IAM must do that stands in for the real one, as far as a node role goes, through the
 * AWS SDK. Run on ours and on another's, so that ours is not the kinder one.
 */
abstract class IamContractTest {

  static final String TRUST_POLICY =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
      "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
  static final String INLINE_POLICY =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
      "Action":"logs:PutLogEvents","Resource":"*"}]}""";
  static final String WORKER_NODE_POLICY = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy";
  static final String CNI_POLICY = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy";

  final String name = "node-" + UUID.randomUUID();
  IamClient iam;

  abstract URI endpoint();

  static IamClient client(URI endpoint) {
    return LocalClients.pointed(IamClient.builder(), endpoint)
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  @BeforeEach
  void openClient() {
    iam = client(endpoint());
  }

  @AfterEach
  void closeClient() {
    iam.close();
  }

  Role createRole() {
    return createRole(TRUST_POLICY);
  }

  Role createRole(String trustPolicy) {
    return iam.createRole(role -> role.roleName(name).assumeRolePolicyDocument(trustPolicy)).role();
  }

  void createProfileWithRole() {
    iam.createInstanceProfile(profile -> profile.instanceProfileName(name));
    iam.addRoleToInstanceProfile(add -> add.instanceProfileName(name).roleName(name));
  }

  static String decoded(String document) {
    return URLDecoder.decode(document, StandardCharsets.UTF_8);
  }

  static void assertRefused(ThrowingCallable call, int status, String code, String message) {
    assertRefused(call, status, code, text -> assertThat(text).isEqualTo(message));
  }

  static void assertRefused(
      ThrowingCallable call, int status, String code, Consumer<String> message) {
    IamException refusal = catchThrowableOfType(IamException.class, call);
    assertThat(refusal).as("the refusal").isNotNull();
    assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code);
    assertThat(refusal.statusCode()).isEqualTo(status);
    message.accept(refusal.awsErrorDetails().errorMessage());
  }

  @Test
  void aNewRoleIsFoundWithItsTrustPolicyEncoded() {
    Role created = createRole();

    Role found = iam.getRole(get -> get.roleName(name)).role();

    assertThat(found.arn()).isEqualTo("arn:aws:iam::123456789012:role/" + name);
    assertThat(found.roleId()).isEqualTo(created.roleId()).startsWith("AROA").hasSize(21);
    assertThat(found.path()).isEqualTo("/");
    assertThat(found.maxSessionDuration()).isEqualTo(3600);
    assertThat(found.assumeRolePolicyDocument()).startsWith("%7B%22Version%22%3A").contains("%3A");
    assertThat(decoded(found.assumeRolePolicyDocument())).isEqualTo(TRUST_POLICY);
    assertThat(decoded(created.assumeRolePolicyDocument())).isEqualTo(TRUST_POLICY);
  }

  @Test
  void aSpaceInATrustPolicyIsEncodedAsThreeCharacters() {
    createRole(TRUST_POLICY.replace("\":", "\": "));

    assertThat(iam.getRole(get -> get.roleName(name)).role().assumeRolePolicyDocument())
        .contains("%20")
        .doesNotContain("+");
  }

  @Test
  void aRoleWithAPathHasItInItsArnAndIsFoundByItsBareName() {
    iam.createRole(
        role -> role.roleName(name).path("/eks/nodes/").assumeRolePolicyDocument(TRUST_POLICY));

    Role found = iam.getRole(get -> get.roleName(name)).role();

    assertThat(found.path()).isEqualTo("/eks/nodes/");
    assertThat(found.arn()).isEqualTo("arn:aws:iam::123456789012:role/eks/nodes/" + name);
  }

  @Test
  void aRoleThatDoesNotExistIsNotFound() {
    assertRefused(
        () -> iam.getRole(get -> get.roleName(name)),
        404,
        "NoSuchEntity",
        text -> assertThat(text).contains(name));
  }

  @Test
  void aRoleCannotBeMadeTwice() {
    createRole();

    assertRefused(
        this::createRole,
        409,
        "EntityAlreadyExists",
        "Role with name " + name + " already exists.");
  }

  @Test
  void aRoleMadeAgainKeepsItsArnAndGetsANewId() {
    Role first = createRole();
    iam.deleteRole(delete -> delete.roleName(name));

    Role second = createRole();

    assertThat(second.arn()).isEqualTo(first.arn());
    assertThat(second.roleId()).isNotEqualTo(first.roleId());
  }

  @Test
  void aTrustPolicyIsReplaced() {
    createRole();
    String other = TRUST_POLICY.replace("ec2.amazonaws.com", "eks.amazonaws.com");

    iam.updateAssumeRolePolicy(update -> update.roleName(name).policyDocument(other));

    assertThat(decoded(iam.getRole(get -> get.roleName(name)).role().assumeRolePolicyDocument()))
        .isEqualTo(other);
  }

  @Test
  void aTrustPolicyOfAnotherServiceThanStsIsRefused() {
    createRole();

    assertRefused(
        () ->
            iam.updateAssumeRolePolicy(
                update ->
                    update
                        .roleName(name)
                        .policyDocument(TRUST_POLICY.replace("sts:AssumeRole", "s3:GetObject"))),
        400,
        "MalformedPolicyDocument",
        text -> assertThat(text).contains("AssumeRole"));
  }

  @Test
  void aTrustPolicyMustNotNameResources() {
    createRole();

    assertRefused(
        () ->
            iam.updateAssumeRolePolicy(
                update ->
                    update
                        .roleName(name)
                        .policyDocument(
                            TRUST_POLICY.replace("\"Action\"", "\"Resource\":\"*\",\"Action\""))),
        400,
        "MalformedPolicyDocument",
        text -> assertThat(text).startsWith("Has prohibited field Resource"));
  }

  @Test
  void attachedPoliciesAreListedWithNameAndArn() {
    createRole();
    iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(WORKER_NODE_POLICY));
    iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(CNI_POLICY));

    assertThat(iam.listAttachedRolePolicies(list -> list.roleName(name)).attachedPolicies())
        .containsExactlyInAnyOrder(
            AttachedPolicy.builder()
                .policyName("AmazonEKSWorkerNodePolicy")
                .policyArn(WORKER_NODE_POLICY)
                .build(),
            AttachedPolicy.builder()
                .policyName("AmazonEKS_CNI_Policy")
                .policyArn(CNI_POLICY)
                .build());
  }

  @Test
  void attachingTwiceChangesNothing() {
    createRole();
    iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(CNI_POLICY));

    iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(CNI_POLICY));

    assertThat(iam.listAttachedRolePolicies(list -> list.roleName(name)).attachedPolicies())
        .hasSize(1);
  }

  @Test
  void aPolicyThatDoesNotExistCannotBeAttached() {
    createRole();

    assertRefused(
        () ->
            iam.attachRolePolicy(
                attach -> attach.roleName(name).policyArn("arn:aws:iam::aws:policy/NoSuchPolicy")),
        404,
        "NoSuchEntity",
        "Policy arn:aws:iam::aws:policy/NoSuchPolicy does not exist or is not attachable.");
  }

  @Test
  void aPolicyCannotBeAttachedToARoleThatDoesNotExist() {
    assertRefused(
        () -> iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(CNI_POLICY)),
        404,
        "NoSuchEntity",
        text -> assertThat(text).contains(name));
  }

  @Test
  void aDetachedPolicyIsGone() {
    createRole();
    iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(CNI_POLICY));

    iam.detachRolePolicy(detach -> detach.roleName(name).policyArn(CNI_POLICY));

    assertThat(iam.listAttachedRolePolicies(list -> list.roleName(name)).attachedPolicies())
        .isEmpty();
  }

  @Test
  void aPolicyThatIsNotAttachedCannotBeDetached() {
    createRole();

    assertRefused(
        () -> iam.detachRolePolicy(detach -> detach.roleName(name).policyArn(CNI_POLICY)),
        404,
        "NoSuchEntity",
        "Policy " + CNI_POLICY + " was not found.");
  }

  @Test
  void aCustomersOwnPolicyCanBeAttached() {
    createRole();
    String arn =
        iam.createPolicy(create -> create.policyName(name).policyDocument(INLINE_POLICY))
            .policy()
            .arn();

    iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(arn));

    assertThat(arn).isEqualTo("arn:aws:iam::123456789012:policy/" + name);
    assertThat(iam.listAttachedRolePolicies(list -> list.roleName(name)).attachedPolicies())
        .extracting(AttachedPolicy::policyArn)
        .containsExactly(arn);
  }

  @Test
  void anInlinePolicyIsKeptListedAndDeleted() {
    createRole();
    iam.putRolePolicy(put -> put.roleName(name).policyName("logs").policyDocument(INLINE_POLICY));

    assertThat(iam.listRolePolicies(list -> list.roleName(name)).policyNames())
        .containsExactly("logs");
    assertThat(
            decoded(
                iam.getRolePolicy(get -> get.roleName(name).policyName("logs")).policyDocument()))
        .isEqualTo(INLINE_POLICY);

    iam.deleteRolePolicy(delete -> delete.roleName(name).policyName("logs"));

    assertThat(iam.listRolePolicies(list -> list.roleName(name)).policyNames()).isEmpty();
  }

  @Test
  void theAccountsProfilesAreListedWithTheRolesThatTheyHold() {
    createRole();
    createProfileWithRole();
    String empty = name + "-empty";
    iam.createInstanceProfile(create -> create.instanceProfileName(empty));

    Map<String, Integer> roles =
        iam.listInstanceProfilesPaginator().instanceProfiles().stream()
            .collect(
                Collectors.toMap(
                    profile -> profile.instanceProfileName(), profile -> profile.roles().size()));

    assertThat(roles).containsEntry(name, 1).containsEntry(empty, 0);
  }

  @Test
  void aRoleKnowsTheProfilesThatHoldIt() {
    Role role = createRole();
    createProfileWithRole();

    List<InstanceProfile> profiles =
        iam.listInstanceProfilesForRole(list -> list.roleName(name)).instanceProfiles();

    assertThat(profiles)
        .singleElement()
        .satisfies(
            profile -> {
              assertThat(profile.instanceProfileName()).isEqualTo(name);
              assertThat(profile.arn())
                  .isEqualTo("arn:aws:iam::123456789012:instance-profile/" + name);
              assertThat(profile.roles()).extracting(Role::roleId).containsExactly(role.roleId());
            });
  }

  @Test
  void aProfileIsFoundByNameWithItsRole() {
    createRole();
    createProfileWithRole();

    InstanceProfile profile =
        iam.getInstanceProfile(get -> get.instanceProfileName(name)).instanceProfile();

    assertThat(profile.roles()).extracting(Role::roleName).containsExactly(name);
  }

  @Test
  void aProfileHoldsOneRole() {
    createRole();
    createProfileWithRole();

    assertRefused(
        () -> iam.addRoleToInstanceProfile(add -> add.instanceProfileName(name).roleName(name)),
        409,
        "LimitExceeded",
        "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
  }

  @Test
  void aProfileCannotBeMadeTwice() {
    iam.createInstanceProfile(profile -> profile.instanceProfileName(name));

    assertRefused(
        () -> iam.createInstanceProfile(profile -> profile.instanceProfileName(name)),
        409,
        "EntityAlreadyExists",
        text -> assertThat(text).contains(name).endsWith("already exists."));
  }

  @Test
  void aRoleInAProfileCannotBeDeleted() {
    createRole();
    createProfileWithRole();

    assertRefused(
        () -> iam.deleteRole(delete -> delete.roleName(name)),
        409,
        "DeleteConflict",
        text -> assertThat(text).startsWith("Cannot delete entity, must remove roles"));
  }

  @Test
  void aRoleTakenOutOfItsProfileCanBeDeletedAndSoCanTheProfile() {
    createRole();
    createProfileWithRole();

    iam.removeRoleFromInstanceProfile(remove -> remove.instanceProfileName(name).roleName(name));
    iam.deleteRole(delete -> delete.roleName(name));
    iam.deleteInstanceProfile(delete -> delete.instanceProfileName(name));

    assertRefused(
        () -> iam.getInstanceProfile(get -> get.instanceProfileName(name)),
        404,
        "NoSuchEntity",
        text -> assertThat(text).contains(name));
  }

  @Test
  void aRoleWithAnAttachedPolicyCannotBeDeleted() {
    createRole();
    iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(CNI_POLICY));

    assertRefused(
        () -> iam.deleteRole(delete -> delete.roleName(name)),
        409,
        "DeleteConflict",
        "Cannot delete entity, must detach all policies first.");
  }

  @Test
  void aRoleWithAnInlinePolicyCannotBeDeleted() {
    createRole();
    iam.putRolePolicy(put -> put.roleName(name).policyName("p").policyDocument(INLINE_POLICY));

    assertRefused(
        () -> iam.deleteRole(delete -> delete.roleName(name)),
        409,
        "DeleteConflict",
        "Cannot delete entity, must delete policies first.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # statement                                          | what is wrong
          nothing                                              | Syntax errors in policy.
          {"Effect":"Allow","Resource":"*"}                    | Policy statement must contain actions.
          {"Effect":"Allow","Action":"s3:*"}                   | Policy statement must contain resources.
          {"Effect":"Allow","Action":"s3:*","Resource":"mine"} | Resource mine must be in ARN format or "*".
          """)
  void aMalformedInlinePolicyIsRefused(String statement, String message) {
    createRole();
    String document = "{\"Version\":\"2012-10-17\",\"Statement\":[" + statement + "]}";

    assertRefused(
        () -> iam.putRolePolicy(put -> put.roleName(name).policyName("p").policyDocument(document)),
        400,
        "MalformedPolicyDocument",
        message);
  }

  @Test
  void aPolicyMustBeOfTheNewVersion() {
    createRole();
    String document = INLINE_POLICY.replace("\"Version\":\"2012-10-17\",", "");

    assertRefused(
        () -> iam.putRolePolicy(put -> put.roleName(name).policyName("p").policyDocument(document)),
        400,
        "MalformedPolicyDocument",
        "Policy document must be version 2012-10-17 or greater.");
  }

  @Test
  void aBoundaryIsSetAndTakenAway() {
    createRole();
    iam.putRolePermissionsBoundary(
        put -> put.roleName(name).permissionsBoundary(WORKER_NODE_POLICY));

    assertThat(
            iam.getRole(get -> get.roleName(name))
                .role()
                .permissionsBoundary()
                .permissionsBoundaryArn())
        .isEqualTo(WORKER_NODE_POLICY);

    iam.deleteRolePermissionsBoundary(delete -> delete.roleName(name));

    assertThat(iam.getRole(get -> get.roleName(name)).role().permissionsBoundary()).isNull();
  }

  @Test
  void tagsAreAddedReplacedListedAndRemoved() {
    createRole();
    iam.tagRole(tag -> tag.roleName(name).tags(tag("team", "a"), tag("stage", "")));
    iam.tagRole(tag -> tag.roleName(name).tags(tag("team", "b")));

    assertThat(iam.listRoleTags(list -> list.roleName(name)).tags())
        .containsExactlyInAnyOrder(tag("team", "b"), tag("stage", ""));
    assertThat(iam.getRole(get -> get.roleName(name)).role().tags()).hasSize(2);

    iam.untagRole(untag -> untag.roleName(name).tagKeys("team"));

    assertThat(iam.listRoleTags(list -> list.roleName(name)).tags())
        .containsExactly(tag("stage", ""));
  }

  @Test
  void tagKeysMustNotRepeatInOneCall() {
    createRole();

    assertRefused(
        () -> iam.tagRole(tag -> tag.roleName(name).tags(tag("Team", "a"), tag("team", "b"))),
        400,
        "InvalidInput",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  }

  @Test
  void aListComesInPagesThatTogetherHoldAll() {
    createRole();
    iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(WORKER_NODE_POLICY));
    iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(CNI_POLICY));

    assertThat(
            iam.listAttachedRolePolicies(list -> list.roleName(name).maxItems(1))
                .attachedPolicies())
        .hasSize(1);
    assertThat(
            iam.listAttachedRolePoliciesPaginator(list -> list.roleName(name).maxItems(1))
                .attachedPolicies())
        .extracting(AttachedPolicy::policyArn)
        .containsExactlyInAnyOrder(WORKER_NODE_POLICY, CNI_POLICY);
  }

  @Test
  void theRolesOfAPathAreListed() {
    String path = "/" + UUID.randomUUID() + "/";
    iam.createRole(role -> role.roleName(name).path(path).assumeRolePolicyDocument(TRUST_POLICY));

    assertThat(iam.listRoles(list -> list.pathPrefix(path)).roles())
        .singleElement()
        .satisfies(
            role -> {
              assertThat(role.roleName()).isEqualTo(name);
              assertThat(decoded(role.assumeRolePolicyDocument())).isEqualTo(TRUST_POLICY);
              assertThat(role.hasTags()).isFalse();
              assertThat(role.permissionsBoundary()).isNull();
            });
  }

  @Test
  void theAuthorizationDetailsHoldAllThatTheSingleCallsTell() {
    Role role = createRole();
    createProfileWithRole();
    iam.attachRolePolicy(attach -> attach.roleName(name).policyArn(CNI_POLICY));
    iam.putRolePolicy(put -> put.roleName(name).policyName("logs").policyDocument(INLINE_POLICY));
    iam.putRolePermissionsBoundary(
        put -> put.roleName(name).permissionsBoundary(WORKER_NODE_POLICY));
    iam.tagRole(tag -> tag.roleName(name).tags(tag("team", "a")));

    RoleDetail detail =
        iam.getAccountAuthorizationDetailsPaginator(get -> get.filter(EntityType.ROLE)).stream()
            .flatMap(page -> page.roleDetailList().stream())
            .filter(each -> each.roleName().equals(name))
            .findFirst()
            .orElseThrow();

    assertThat(detail.roleId()).isEqualTo(role.roleId());
    assertThat(decoded(detail.assumeRolePolicyDocument())).isEqualTo(TRUST_POLICY);
    assertThat(detail.attachedManagedPolicies())
        .extracting(AttachedPolicy::policyArn)
        .containsExactly(CNI_POLICY);
    assertThat(detail.rolePolicyList())
        .singleElement()
        .satisfies(
            policy -> {
              assertThat(policy.policyName()).isEqualTo("logs");
              assertThat(decoded(policy.policyDocument())).isEqualTo(INLINE_POLICY);
            });
    assertThat(detail.instanceProfileList())
        .extracting(InstanceProfile::instanceProfileName)
        .containsExactly(name);
    assertThat(detail.permissionsBoundary().permissionsBoundaryArn()).isEqualTo(WORKER_NODE_POLICY);
    assertThat(detail.tags()).containsExactly(tag("team", "a"));
  }

  static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }
}
