package io.noderoleguard.iam;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.AwsProblem.Kind;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.role.DesiredRole;
import io.noderoleguard.role.ExtraPolicyUse;
import io.noderoleguard.role.Home;
import io.noderoleguard.role.InlinePolicy;
import io.noderoleguard.role.InstanceProfile;
import io.noderoleguard.role.RoleState;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.OtherProfiles;
import io.noderoleguard.role.RoleState.Present;
import io.noderoleguard.role.SimulatedEffect;
import io.noderoleguard.role.Target;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.GetRoleResponse;
import software.amazon.awssdk.services.iam.model.ListRolePoliciesResponse;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;

/** Reads one role with the calls that take a role's name. */
final class RoleReader {

  private final IamClient client;
  private final String roleName;
  private final DesiredRole desired;
  private final CallScope scope;
  private final ProfileReader profiles;
  private final EffectReader effect;

  /**
   * @param desired what the role is to be compared with: what that does not ask for is not read
   */
  RoleReader(IamClient client, Target target, DesiredRole desired, Home home, CallScope scope) {
    this.client = client;
    this.roleName = target.name();
    this.desired = desired;
    this.scope = scope;
    this.profiles = new ProfileReader(client, roleName, desired.instanceProfile(), scope);
    this.effect = new EffectReader(client, target, desired, home, scope);
  }

  Result<RoleState> read() {
    // A thread per call, which costs next to nothing and whose blocked socket can be interrupted.
    try (var sideBySide = Executors.newVirtualThreadPerTaskExecutor()) {
      var holding = sideBySide.submit(profiles::holding);
      var policies = sideBySide.submit(this::policies);
      var extras = sideBySide.submit(this::inlinePolicies);
      var decisions = sideBySide.submit(effect::expected);
      var role = sideBySide.submit(this::role);
      Result<RoleState> state =
          switch (await(role)) {
            case Ok<Role>(var found) ->
                await(policies)
                    .then(
                        attached ->
                            await(extras)
                                .then(
                                    inline ->
                                        await(holding)
                                            .then(all -> present(found, attached, inline, all))))
                    .map(present -> present.with(effect.of(found.arn(), await(decisions))));
            case Failed<Role>(var problem) when problem.kind() == Kind.NOT_FOUND ->
                profiles.others().map(Absent::new);
            case Failed<Role>(var problem) -> new Failed<>(problem);
          };
      // Nobody waits for a call that is still under way.
      sideBySide.shutdownNow();
      return state;
    }
  }

  /** Reads what the account's list does not say of the role. */
  Result<RoleState> complete(Present listed) {
    Present role = listed.with(effect.of(listed.arn()));
    return role.instanceProfiles().isEmpty() ? profiles.others().map(role::with) : new Ok<>(role);
  }

  private static <T> T await(Future<T> call) {
    try {
      return call.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      // Who interrupts no longer needs the role; leaving ends the other calls too.
      throw new CancellationException("the reading was interrupted");
    } catch (ExecutionException unexpected) {
      throw new CompletionException(unexpected.getCause());
    }
  }

  private Result<Present> present(
      Role role, Set<String> attached, List<InlinePolicy> inline, List<InstanceProfile> all) {
    Result<OtherProfiles> others = all.isEmpty() ? profiles.others() : new Ok<>(OtherProfiles.NONE);
    return others.then(
        other ->
            document(call("iam:GetRole"), role.assumeRolePolicyDocument())
                .map(
                    trustPolicy ->
                        new Present(
                            role.roleName(),
                            role.path(),
                            role.arn(),
                            role.roleId(),
                            role.createDate(),
                            trustPolicy,
                            attached,
                            inline,
                            all,
                            other,
                            boundary(role.permissionsBoundary()),
                            tags(role.tags()),
                            SimulatedEffect.NOT_ASKED)));
  }

  private AwsCall call(String action) {
    return new AwsCall(action, "role " + roleName);
  }

  private Result<Role> role() {
    return call("iam:GetRole")
        .make(
            scope,
            within -> client.getRole(get -> get.roleName(roleName).overrideConfiguration(within)))
        .map(GetRoleResponse::role);
  }

  private Result<Set<String>> policies() {
    return call("iam:ListAttachedRolePolicies")
        .list(
            scope,
            (marker, within) ->
                client.listAttachedRolePolicies(
                    list ->
                        list.roleName(roleName)
                            .marker(marker.orElse(null))
                            .overrideConfiguration(within)),
            page -> AwsCall.nextMarker(page.isTruncated(), page.marker()),
            page -> page.attachedPolicies().stream().map(AttachedPolicy::policyArn).toList())
        .map(Set::copyOf);
  }

  /** The inline policies that are not allowed, where the owner asks for that. */
  private Result<List<InlinePolicy>> inlinePolicies() {
    if (desired.extraPolicies() == ExtraPolicyUse.IGNORE) {
      return new Ok<>(List.of());
    }
    return call("iam:ListRolePolicies")
        .list(
            scope,
            (marker, within) ->
                client.listRolePolicies(
                    list ->
                        list.roleName(roleName)
                            .marker(marker.orElse(null))
                            .overrideConfiguration(within)),
            page -> AwsCall.nextMarker(page.isTruncated(), page.marker()),
            ListRolePoliciesResponse::policyNames)
        .then(this::notAllowed);
  }

  private Result<List<InlinePolicy>> notAllowed(List<String> names) {
    List<InlinePolicy> policies = new ArrayList<>();
    for (String name : names) {
      if (desired.allowedPolicies().allowsInline(name)) {
        continue;
      }
      switch (inlinePolicy(name)) {
        case Ok<InlinePolicy>(var policy) -> policies.add(policy);
        case Failed<InlinePolicy>(var problem) -> {
          return new Failed<>(problem);
        }
      }
    }
    return new Ok<>(policies);
  }

  private Result<InlinePolicy> inlinePolicy(String name) {
    AwsCall call =
        new AwsCall("iam:GetRolePolicy", "role %s and policy %s".formatted(roleName, name));
    return call.make(
            scope,
            within ->
                client.getRolePolicy(
                    get -> get.roleName(roleName).policyName(name).overrideConfiguration(within)))
        .then(response -> document(call, response.policyDocument()))
        .map(document -> new InlinePolicy(name, document));
  }

  /** A policy document of a response. */
  static Result<String> document(AwsCall call, String urlEncoded) {
    try {
      return new Ok<>(URLDecoder.decode(urlEncoded, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      return call.unusable("a policy is not URL-encoded");
    }
  }

  static Optional<String> boundary(@Nullable AttachedPermissionsBoundary boundary) {
    return Optional.ofNullable(boundary).map(AttachedPermissionsBoundary::permissionsBoundaryArn);
  }

  static Map<String, String> tags(List<Tag> tags) {
    return tags.stream().collect(Collectors.toMap(Tag::key, Tag::value));
  }
}
