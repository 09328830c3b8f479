package io.noderoleguard.iam;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.role.DesiredRole;
import io.noderoleguard.role.EffectUse;
import io.noderoleguard.role.ExtraPolicyUse;
import io.noderoleguard.role.InlinePolicy;
import io.noderoleguard.role.RoleState.OtherProfiles;
import io.noderoleguard.role.RoleState.Present;
import io.noderoleguard.role.SimulatedEffect;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.EntityType;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
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
  private final DesiredRole desired;
  private final CallScope scope;

  /**
   * @param desired what the roles are to be compared with: what that does not ask for is not kept
   */
  AccountReader(IamClient client, DesiredRole desired, CallScope scope) {
    this.client = client;
    this.desired = desired;
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

  private Result<Present> present(RoleDetail role) {
    return inlinePolicies(role)
        .then(
            inline ->
                RoleReader.document(CALL, role.assumeRolePolicyDocument())
                    .map(trustPolicy -> present(role, trustPolicy, inline)));
  }

  /** Those that are not allowed, where the owner asks for that. */
  private Result<List<InlinePolicy>> inlinePolicies(RoleDetail role) {
    if (desired.extraPolicies() == ExtraPolicyUse.IGNORE) {
      return new Ok<>(List.of());
    }
    // An element that is missing would hide what is there.
    if (!role.hasRolePolicyList() || !role.hasAttachedManagedPolicies()) {
      return CALL.unusable("it does not say which policies role %s has".formatted(role.roleName()));
    }
    List<InlinePolicy> policies = new ArrayList<>();
    for (PolicyDetail policy : role.rolePolicyList()) {
      if (desired.allowedPolicies().allowsInline(policy.policyName())) {
        continue;
      }
      switch (RoleReader.document(CALL, policy.policyDocument())) {
        case Ok<String>(var document) ->
            policies.add(new InlinePolicy(policy.policyName(), document));
        case Failed<String>(var problem) -> {
          return new Failed<>(problem);
        }
      }
    }
    return new Ok<>(policies);
  }

  private Present present(RoleDetail role, String trustPolicy, List<InlinePolicy> inline) {
    return new Present(
        role.roleName(),
        role.path(),
        role.arn(),
        role.roleId(),
        role.createDate(),
        trustPolicy,
        role.attachedManagedPolicies().stream()
            .map(AttachedPolicy::policyArn)
            .collect(Collectors.toSet()),
        inline,
        role.instanceProfileList().stream().map(ProfileReader::profile).toList(),
        // Not in this response.
        OtherProfiles.NONE,
        RoleReader.boundary(role.permissionsBoundary()),
        RoleReader.tags(role.tags()),
        desired.effect() == EffectUse.OFF
            ? SimulatedEffect.NOT_ASKED
            : SimulatedEffect.NOT_SIMULATED);
  }
}
