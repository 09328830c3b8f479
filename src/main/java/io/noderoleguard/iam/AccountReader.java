package io.noderoleguard.iam;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Result;
import io.noderoleguard.role.RoleState.OtherProfiles;
import io.noderoleguard.role.RoleState.Present;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.EntityType;
import software.amazon.awssdk.services.iam.model.RoleDetail;

/**
 * Reads the account's roles with {@code GetAccountAuthorizationDetails}, which returns per role
 * what otherwise takes three calls. Pages are not kept.
 */
final class AccountReader {

  /**
   * IAM returns up to 1,000 roles a page, but a page is in memory whole: as text and as objects.
   */
  private static final int PAGE_SIZE = 200;

  private static final AwsCall CALL =
      new AwsCall("iam:GetAccountAuthorizationDetails", "the account's roles");

  private final IamClient client;
  private final CallScope scope;

  AccountReader(IamClient client, CallScope scope) {
    this.client = client;
    this.scope = scope;
  }

  Result<Integer> forEachRole(
      BiPredicate<String, String> isWanted, BiConsumer<String, Result<Present>> consumer) {
    return CALL.forEachPage(
        scope,
        (marker, within) ->
            client.getAccountAuthorizationDetails(
                get ->
                    get.filter(EntityType.ROLE)
                        .maxItems(PAGE_SIZE)
                        .marker(marker.orElse(null))
                        .overrideConfiguration(within)),
        page -> AwsCall.nextMarker(page.isTruncated(), page.marker()),
        page ->
            page.roleDetailList().stream()
                .filter(role -> isWanted.test(role.roleName(), role.path()))
                .forEach(role -> consumer.accept(role.roleName(), present(role))));
  }

  private static Result<Present> present(RoleDetail role) {
    return RoleReader.trustPolicy(CALL, role.assumeRolePolicyDocument())
        .map(
            trustPolicy ->
                new Present(
                    role.roleName(),
                    role.path(),
                    role.arn(),
                    role.roleId(),
                    role.createDate(),
                    trustPolicy,
                    role.attachedManagedPolicies().stream()
                        .map(AttachedPolicy::policyArn)
                        .collect(Collectors.toSet()),
                    role.instanceProfileList().stream().map(RoleReader::profile).toList(),
                    // Not in this response.
                    OtherProfiles.NONE,
                    RoleReader.boundary(role.permissionsBoundary()),
                    RoleReader.tags(role.tags())));
  }
}
