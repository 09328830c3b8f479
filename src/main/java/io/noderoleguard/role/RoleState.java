package io.noderoleguard.role;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The actual state of a role, as IAM returned it. */
public sealed interface RoleState {

  /**
   * What is known of other instance profiles. Only filled in when none is known to hold the role.
   */
  OtherProfiles otherProfiles();

  /** The instance profile with the same name as the role. */
  default Optional<InstanceProfile> profileOfSameName() {
    return otherProfiles().ofSameName();
  }

  /**
   * Instance profiles that are not known to hold the role.
   *
   * @param ofSameName the one with the role's name
   * @param emptyNames the names of the account's profiles that hold no role, where they are known
   */
  record OtherProfiles(Optional<InstanceProfile> ofSameName, List<String> emptyNames) {
    /** Nothing is known. */
    public static final OtherProfiles NONE = new OtherProfiles(Optional.empty(), List.of());

    public OtherProfiles {
      emptyNames = List.copyOf(emptyNames);
    }
  }

  /** No role has that name. */
  record Absent(OtherProfiles otherProfiles) implements RoleState {}

  /**
   * The role exists.
   *
   * @param id the unique ID; a recreated role gets another one
   * @param createdAt when it was created, in whole seconds
   * @param trustPolicy the trust policy's JSON, not URL-encoded
   * @param inlinePolicies those that are not allowed, where the owner asks for that
   * @param instanceProfiles the instance profiles that hold the role
   * @param permissionsBoundary the ARN of the policy that bounds it
   * @param effect what IAM says that its policies add up to
   */
  record Present(
      String name,
      String path,
      String arn,
      String id,
      Instant createdAt,
      String trustPolicy,
      Set<String> attachedPolicyArns,
      List<InlinePolicy> inlinePolicies,
      List<InstanceProfile> instanceProfiles,
      OtherProfiles otherProfiles,
      Optional<String> permissionsBoundary,
      Map<String, String> tags,
      SimulatedEffect effect)
      implements RoleState {

    public Present {
      attachedPolicyArns = Set.copyOf(attachedPolicyArns);
      inlinePolicies = List.copyOf(inlinePolicies);
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

    /** The account that it is in; empty when its ARN names none. */
    public String account() {
      String[] parts = arn.split(":", 6);
      return parts.length == 6 ? parts[4] : "";
    }

    /** The ARN without the path, as the aws-auth ConfigMap of a cluster needs it. */
    public String arnWithoutPath() {
      return arn.substring(0, arn.length() - path.length() - name.length()) + "/" + name;
    }

    /** The same role, with what is known of other instance profiles. */
    public Present with(OtherProfiles others) {
      return new Present(
          name,
          path,
          arn,
          id,
          createdAt,
          trustPolicy,
          attachedPolicyArns,
          inlinePolicies,
          instanceProfiles,
          others,
          permissionsBoundary,
          tags,
          effect);
    }

    /** The same role, with what is known of what its policies add up to. */
    public Present with(SimulatedEffect known) {
      return new Present(
          name,
          path,
          arn,
          id,
          createdAt,
          trustPolicy,
          attachedPolicyArns,
          inlinePolicies,
          instanceProfiles,
          otherProfiles,
          permissionsBoundary,
          tags,
          known);
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
