package io.noderoleguard.iam;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.iam.model.AddRoleToInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.AttachRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.CreateInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.CreateRoleResponse;
import software.amazon.awssdk.services.iam.model.DeleteRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.DetachRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.GetAccountAuthorizationDetailsResponse;
import software.amazon.awssdk.services.iam.model.GetInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.GetRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.GetRoleResponse;
import software.amazon.awssdk.services.iam.model.IamResponse;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.ListAttachedRolePoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesForRoleResponse;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesResponse;
import software.amazon.awssdk.services.iam.model.ListRolePoliciesResponse;
import software.amazon.awssdk.services.iam.model.PutRolePermissionsBoundaryResponse;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.SimulatePrincipalPolicyResponse;
import software.amazon.awssdk.services.iam.model.TagRoleResponse;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyResponse;

/**
 * The elements that IAM's responses always have, as the <a
 * href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html">API reference</a>
 * shows them, and without which the guard could not tell what is there from what is not.
 */
final class ExpectedElements {

  private ExpectedElements() {}

  /** The first element that a response should have and does not. */
  static Optional<String> missingFrom(SdkResponse response) {
    if (!(response instanceof IamResponse iam)
        || iam.responseMetadata().requestId().equals("UNKNOWN")) {
      return Optional.of("RequestId");
    }
    return switch (iam) {
      case GetRoleResponse get -> missingFrom(get.role());
      case CreateRoleResponse create -> missing("Role", create.role());
      case GetInstanceProfileResponse get -> missingFrom(get.instanceProfile());
      case CreateInstanceProfileResponse create ->
          missing("InstanceProfile", create.instanceProfile());
      case ListAttachedRolePoliciesResponse list ->
          first(
              Stream.concat(
                  Stream.of(
                      listed("AttachedPolicies", list.hasAttachedPolicies()),
                      marker(list.isTruncated(), list.marker())),
                  list.attachedPolicies().stream()
                      .map(policy -> missing("PolicyArn", policy.policyArn()))));
      case ListInstanceProfilesForRoleResponse list ->
          first(
              Stream.concat(
                  Stream.of(
                      listed("InstanceProfiles", list.hasInstanceProfiles()),
                      marker(list.isTruncated(), list.marker())),
                  list.instanceProfiles().stream().map(ExpectedElements::missingFrom)));
      case ListInstanceProfilesResponse list ->
          first(
              Stream.concat(
                  Stream.of(
                      listed("InstanceProfiles", list.hasInstanceProfiles()),
                      marker(list.isTruncated(), list.marker())),
                  list.instanceProfiles().stream().map(ExpectedElements::missingFrom)));
      case GetAccountAuthorizationDetailsResponse page ->
          first(
              Stream.concat(
                  Stream.of(
                      listed("RoleDetailList", page.hasRoleDetailList()),
                      marker(page.isTruncated(), page.marker())),
                  page.roleDetailList().stream().map(ExpectedElements::missingFrom)));
      case ListRolePoliciesResponse list ->
          first(
              Stream.of(
                  listed("PolicyNames", list.hasPolicyNames()),
                  marker(list.isTruncated(), list.marker())));
      case GetRolePolicyResponse get -> missing("PolicyDocument", get.policyDocument());
      case SimulatePrincipalPolicyResponse simulated ->
          first(
              Stream.concat(
                  Stream.of(
                      listed("EvaluationResults", simulated.hasEvaluationResults()),
                      marker(simulated.isTruncated(), simulated.marker())),
                  simulated.evaluationResults().stream().map(ExpectedElements::missingFrom)));
      // Nothing but a RequestId.
      case AddRoleToInstanceProfileResponse _,
          AttachRolePolicyResponse _,
          DeleteRolePolicyResponse _,
          DetachRolePolicyResponse _,
          PutRolePermissionsBoundaryResponse _,
          TagRoleResponse _,
          UpdateAssumeRolePolicyResponse _ ->
          Optional.empty();
      default ->
          throw new IllegalStateException(
              "It is not stated which elements a %s has".formatted(iam.getClass().getSimpleName()));
    };
  }

  private static Optional<String> missingFrom(@Nullable Role role) {
    return role == null
        ? Optional.of("Role")
        : first(
            Stream.concat(
                Stream.of(
                    missing("RoleName", role.roleName()),
                    missing("Path", role.path()),
                    missing("Arn", role.arn()),
                    missing("RoleId", role.roleId()),
                    missing("CreateDate", role.createDate()),
                    missing("AssumeRolePolicyDocument", role.assumeRolePolicyDocument())),
                role.tags().stream()
                    .flatMap(
                        tag ->
                            Stream.of(missing("Key", tag.key()), missing("Value", tag.value())))));
  }

  // A list that is missing in it makes the role differ: it is then read by its name.
  private static Optional<String> missingFrom(RoleDetail role) {
    return first(
        Stream.of(
            missing("RoleName", role.roleName()),
            missing("Path", role.path()),
            missing("Arn", role.arn()),
            missing("RoleId", role.roleId()),
            missing("CreateDate", role.createDate()),
            missing("AssumeRolePolicyDocument", role.assumeRolePolicyDocument())));
  }

  private static Optional<String> missingFrom(EvaluationResult result) {
    return first(
        Stream.of(
            missing("EvalActionName", result.evalActionName()),
            missing("EvalDecision", result.evalDecisionAsString())));
  }

  private static Optional<String> missingFrom(@Nullable InstanceProfile profile) {
    return profile == null
        ? Optional.of("InstanceProfile")
        : first(
            Stream.concat(
                Stream.of(
                    missing("InstanceProfileName", profile.instanceProfileName()),
                    missing("Arn", profile.arn()),
                    listed("Roles", profile.hasRoles())),
                profile.roles().stream().map(role -> missing("RoleName", role.roleName()))));
  }

  private static Optional<String> listed(String element, boolean isThere) {
    return isThere ? Optional.empty() : Optional.of(element);
  }

  private static Optional<String> missing(String element, @Nullable Object value) {
    return value == null ? Optional.of(element) : Optional.empty();
  }

  /**
   * {@code IsTruncated} is optional on the last page; but without a marker, the next page would be
   * the first one again, for ever.
   */
  private static Optional<String> marker(@Nullable Boolean isTruncated, @Nullable String marker) {
    return Boolean.TRUE.equals(isTruncated) ? missing("Marker", marker) : Optional.empty();
  }

  private static Optional<String> first(Stream<Optional<String>> missing) {
    return missing.flatMap(Optional::stream).findFirst();
  }
}
