package io.noderoleguard.iam;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.AwsProblem.Kind;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.role.InstanceProfile;
import io.noderoleguard.role.InstanceProfileUse;
import io.noderoleguard.role.RoleState.OtherProfiles;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Role;

/** Reads the instance profiles of one role. */
final class ProfileReader {

  /** How long to wait for what is only named in a message. */
  private static final Duration TIME_FOR_HINTS = Duration.ofSeconds(2);

  private final IamClient client;
  private final String roleName;
  private final InstanceProfileUse profileUse;
  private final CallScope scope;

  ProfileReader(IamClient client, String roleName, InstanceProfileUse profileUse, CallScope scope) {
    this.client = client;
    this.roleName = roleName;
    this.profileUse = profileUse;
    this.scope = scope;
  }

  /** The profiles that hold the role. */
  Result<List<InstanceProfile>> holding() {
    return new AwsCall("iam:ListInstanceProfilesForRole", "role " + roleName)
        .list(
            scope,
            (marker, within) ->
                client.listInstanceProfilesForRole(
                    list ->
                        list.roleName(roleName)
                            .marker(marker.orElse(null))
                            .overrideConfiguration(within)),
            page -> AwsCall.nextMarker(page.isTruncated(), page.marker()),
            page -> page.instanceProfiles().stream().map(ProfileReader::profile).toList());
  }

  /** Where no profile holds the role: those that may have to. */
  Result<OtherProfiles> others() {
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
}
