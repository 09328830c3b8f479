package io.noderoleguard.role;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The actual state of a role, as IAM returned it. */
public sealed interface RoleState {

  /**
   * The instance profile with the same name as the role. Only filled in when no profile is known to
   * contain the role.
   */
  Optional<InstanceProfile> profileOfSameName();

  /** No role has that name. */
  record Absent(Optional<InstanceProfile> profileOfSameName) implements RoleState {}

  /**
   * The role exists.
   *
   * @param id the unique ID; a recreated role gets another one
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
      Optional<InstanceProfile> profileOfSameName,
      Optional<String> permissionsBoundary,
      Map<String, String> tags)
      implements RoleState {

    public Present {
      attachedPolicyArns = Set.copyOf(attachedPolicyArns);
      instanceProfiles = List.copyOf(instanceProfiles);
      tags = Map.copyOf(tags);
    }

    /**
     * Whether roles under a path belong to an AWS service, as service-linked roles do: only AWS may
     * change them.
     */
    public static boolean isReservedForAws(String path) {
      return path.startsWith("/aws-service-role/") || path.startsWith("/aws-reserved/");
    }

    /** The same role, with the instance profile of its name. */
    public Present withProfileOfSameName(Optional<InstanceProfile> profile) {
      return new Present(
          name,
          path,
          arn,
          id,
          trustPolicy,
          attachedPolicyArns,
          instanceProfiles,
          profile,
          permissionsBoundary,
          tags);
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
