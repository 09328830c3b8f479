package io.noderoleguard.local;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Tag;

/**
 * Makes a node role drift in every way that the guard puts right, through IAM's API alone; what is
 * not the guard's is added, to show that it stays.
 */
final class RoleDrift {

  static final String BOUNDARY = policy("PowerUserAccess");

  /** What the role should have besides the defaults, so that these drift too. */
  static final Map<String, String> SETTINGS =
      Map.of("PERMISSIONS_BOUNDARY", BOUNDARY, "ROLE_TAGS", "team=platform");

  /** What the guard is to find. */
  static final Set<String> FINDINGS =
      Set.of(
          "TrustPolicyDiffers",
          "ManagedPolicyNotAttached",
          "InstanceProfileMissing",
          "PermissionsBoundaryDiffers",
          "TagsDiffer");

  private static final List<String> ATTACHED =
      List.of(policy("AmazonEKSWorkerNodePolicy"), policy("AmazonSSMManagedInstanceCore"));
  private static final List<String> MISSING =
      List.of(policy("AmazonEC2ContainerRegistryReadOnly"), policy("AmazonEKS_CNI_Policy"));

  static final String DETACHED_BY_PIPELINE = policy("AmazonEKS_CNI_Policy");

  static final List<String> POLICIES_AFTER_REPAIR =
      Stream.concat(ATTACHED.stream(), MISSING.stream()).sorted().toList();
  static final Map<String, String> TAGS_AFTER_REPAIR =
      Map.of("team", "platform", "cost-center", "4711");
  static final String INLINE_POLICY = "ship-logs";

  static final String TRUST_POLICY =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":\
      {"Service":"ec2.amazonaws.com","AWS":"arn:aws:iam::999999999999:root"},\
      "Action":"sts:AssumeRole"}]}""";

  /** As Terraform writes it for Auto Mode: no harm, and no drift. */
  static final String TRUST_POLICY_OF_AUTO_MODE =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":\
      {"Service":"ec2.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}]}""";

  private RoleDrift() {}

  private static String policy(String name) {
    return "arn:aws:iam::aws:policy/" + name;
  }

  /** Creates the role so, or changes the one that is there. */
  static void arrange(IamClient iam, String role) {
    try {
      iam.createRole(call -> call.roleName(role).assumeRolePolicyDocument(TRUST_POLICY));
    } catch (EntityAlreadyExistsException e) {
      iam.updateAssumeRolePolicy(call -> call.roleName(role).policyDocument(TRUST_POLICY));
      forget(() -> iam.deleteRolePermissionsBoundary(call -> call.roleName(role)));
    }
    for (String attached : ATTACHED) {
      iam.attachRolePolicy(call -> call.roleName(role).policyArn(attached));
    }
    for (String missing : MISSING) {
      forget(() -> iam.detachRolePolicy(call -> call.roleName(role).policyArn(missing)));
    }
    iam.putRolePolicy(
        call ->
            call.roleName(role)
                .policyName(INLINE_POLICY)
                .policyDocument(
                    """
                    {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
                    "Action":"logs:PutLogEvents","Resource":"*"}]}"""));
    iam.tagRole(
        call -> call.roleName(role).tags(tag("team", "unknown"), tag("cost-center", "4711")));
    for (InstanceProfile profile :
        iam.listInstanceProfilesForRole(call -> call.roleName(role)).instanceProfiles()) {
      String name = profile.instanceProfileName();
      iam.removeRoleFromInstanceProfile(call -> call.instanceProfileName(name).roleName(role));
    }
    forget(() -> iam.deleteInstanceProfile(call -> call.instanceProfileName(role)));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static void forget(Runnable removal) {
    try {
      removal.run();
    } catch (NoSuchEntityException e) {
      return; // it is gone already, which is what is wanted
    }
  }
}
