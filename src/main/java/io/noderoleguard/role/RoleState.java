package io.noderoleguard.role;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a role actually is, as IAM told it. */
public sealed interface RoleState {

  /**
   * The instance profile of the role's name where no profile is known to hold the role; empty when
   * there is none or it makes no difference.
   */
  Optional<InstanceProfile> namesake();

  /** There is no role of that name. */
  record Absent(Optional<InstanceProfile> namesake) implements RoleState {}

  /**
   * There is one.
   *
   * @param id the unique ID, which a role of the same name made anew does not have
   * @param trustPolicy the trust policy's JSON, not URL-encoded
   * @param instanceProfiles the instance profiles that hold the role
   * @param permissionsBoundary the ARN of the policy that bounds it
   */
  record Present(
      String name,
      String path,
      String arn,
      String id,
      String trustPolicy,
      Set<String> attachedPolicyArns,
      List<InstanceProfile> instanceProfiles,
      Optional<InstanceProfile> namesake,
      Optional<String> permissionsBoundary,
      Map<String, String> tags)
      implements RoleState {

    public Present {
      attachedPolicyArns = Set.copyOf(attachedPolicyArns);
      instanceProfiles = List.copyOf(instanceProfiles);
      tags = Map.copyOf(tags);
    }

    /** Whether AWS itself made it for a service of its own, as it does service-linked roles. */
    public boolean isAwsOwn() {
      return path.startsWith("/aws-service-role/") || path.startsWith("/aws-reserved/");
    }

    /** The profile to name to others: the one of the role's name, or else the first by name. */
    public Optional<InstanceProfile> instanceProfile() {
      return instanceProfiles.stream()
          .min(
              Comparator.comparing((InstanceProfile profile) -> !profile.name().equals(name))
                  .thenComparing(InstanceProfile::name));
    }
  }
}
