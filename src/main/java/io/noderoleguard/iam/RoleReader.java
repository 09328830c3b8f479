package io.noderoleguard.iam;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.AwsProblem.Kind;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.role.InstanceProfile;
import io.noderoleguard.role.InstanceProfileUse;
import io.noderoleguard.role.RoleState;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.OtherProfiles;
import io.noderoleguard.role.RoleState.Present;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;

/** Reads one role with the calls that take a role's name. */
final class RoleReader {

  /** How long to wait for what is only named in a message. */
  private static final Duration TIME_FOR_HINTS = Duration.ofSeconds(2);

  private final IamClient client;
  private final String roleName;
  private final InstanceProfileUse profileUse;
  private final CallScope scope;

  RoleReader(IamClient client, String roleName, InstanceProfileUse profileUse, CallScope scope) {
    this.client = client;
    this.roleName = roleName;
    this.profileUse = profileUse;
    this.scope = scope;
  }

  Result<RoleState> read() {
    // A thread per call, which costs next to nothing and whose blocked socket can be interrupted.
    try (var sideBySide = Executors.newVirtualThreadPerTaskExecutor()) {
      var profiles = sideBySide.submit(this::profiles);
      var policies = sideBySide.submit(this::policies);
      var role = sideBySide.submit(this::role);
      Result<RoleState> state =
          switch (await(role)) {
            case Ok<Role>(var found) ->
                await(policies)
                    .then(attached -> await(profiles).then(all -> present(found, attached, all)));
            case Failed<Role>(var problem) when problem.kind() == Kind.NOT_FOUND ->
                otherProfiles().map(Absent::new);
            case Failed<Role>(var problem) -> new Failed<>(problem);
          };
      // Nobody waits for a call that is still under way.
      sideBySide.shutdownNow();
      return state;
    }
  }

  /** Reads what the account's list does not say of the role. */
  Result<RoleState> complete(Present role) {
    return role.instanceProfiles().isEmpty() ? otherProfiles().map(role::with) : new Ok<>(role);
  }

  private static <T> Result<T> await(Future<Result<T>> call) {
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

  private Result<RoleState> present(Role role, Set<String> attached, List<InstanceProfile> all) {
    Result<OtherProfiles> others = all.isEmpty() ? otherProfiles() : new Ok<>(OtherProfiles.NONE);
    return others.then(
        profiles ->
            trustPolicy(call("iam:GetRole"), role.assumeRolePolicyDocument())
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
                            all,
                            profiles,
                            boundary(role.permissionsBoundary()),
                            tags(role.tags()))));
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

  private Result<List<InstanceProfile>> profiles() {
    return call("iam:ListInstanceProfilesForRole")
        .list(
            scope,
            (marker, within) ->
                client.listInstanceProfilesForRole(
                    list ->
                        list.roleName(roleName)
                            .marker(marker.orElse(null))
                            .overrideConfiguration(within)),
            page -> AwsCall.nextMarker(page.isTruncated(), page.marker()),
            page -> page.instanceProfiles().stream().map(RoleReader::profile).toList());
  }

  /** Where no profile holds the role: those that may have to. */
  private Result<OtherProfiles> otherProfiles() {
    if (profileUse == InstanceProfileUse.IGNORE) {
      return new Ok<>(OtherProfiles.NONE);
    }
    return profileOfSameName()
        .map(
            profile ->
                profile.isPresent() && !profile.get().roleNames().isEmpty()
                    ? new OtherProfiles(profile, List.of())
                    : new OtherProfiles(profile, emptyProfiles()));
  }

  /** Nothing depends on them, so that they are not known where they cannot be read. */
  private List<String> emptyProfiles() {
    var all =
        new AwsCall("iam:ListInstanceProfiles", "the account's instance profiles")
            .list(
                scope.atMost(TIME_FOR_HINTS),
                (marker, within) ->
                    client.listInstanceProfiles(
                        list -> list.marker(marker.orElse(null)).overrideConfiguration(within)),
                page -> AwsCall.nextMarker(page.isTruncated(), page.marker()),
                page ->
                    page.instanceProfiles().stream()
                        .filter(profile -> profile.roles().isEmpty())
                        .map(profile -> profile.instanceProfileName())
                        .toList());
    return switch (all) {
      case Ok<List<String>>(var names) -> names;
      case Failed<List<String>> _ -> List.of();
    };
  }

  private Result<Optional<InstanceProfile>> profileOfSameName() {
    var result =
        new AwsCall("iam:GetInstanceProfile", "instance profile " + roleName)
            .make(
                scope,
                within ->
                    client.getInstanceProfile(
                        get -> get.instanceProfileName(roleName).overrideConfiguration(within)));
    return result instanceof Failed<?>(var problem) && problem.kind() == Kind.NOT_FOUND
        ? new Ok<>(Optional.empty())
        : result.map(response -> Optional.of(profile(response.instanceProfile())));
  }

  static InstanceProfile profile(
      software.amazon.awssdk.services.iam.model.InstanceProfile profile) {
    return new InstanceProfile(
        profile.instanceProfileName(),
        profile.arn(),
        profile.roles().stream().map(Role::roleName).toList());
  }

  static Result<String> trustPolicy(AwsCall call, String urlEncoded) {
    try {
      return new Ok<>(URLDecoder.decode(urlEncoded, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      return call.unusable("the trust policy is not URL-encoded");
    }
  }

  static Optional<String> boundary(@Nullable AttachedPermissionsBoundary boundary) {
    return Optional.ofNullable(boundary).map(AttachedPermissionsBoundary::permissionsBoundaryArn);
  }

  static Map<String, String> tags(List<Tag> tags) {
    return tags.stream().collect(Collectors.toMap(Tag::key, Tag::value));
  }
}
