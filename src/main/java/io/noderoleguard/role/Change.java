package io.noderoleguard.role;

import java.util.Map;
import java.util.Optional;

/** One write to IAM. Each puts right just one thing, and does no harm when made twice. */
public sealed interface Change {

  /** Names the type in reports and logs; users' scripts rely on it. */
  default String type() {
    return getClass().getSimpleName();
  }

  /** What it is about, by name, for a program. */
  default Map<String, String> details() {
    return Map.of();
  }

  /** Whether this change is in vain when the other one, planned before it, was not made. */
  default boolean needs(Change earlier) {
    return earlier instanceof CreateRole;
  }

  /** Creates the role with all that IAM takes at creation. */
  record CreateRole(
      String roleName,
      String path,
      String trustPolicy,
      Optional<String> permissionsBoundary,
      Map<String, String> tags)
      implements Change {
    public CreateRole {
      tags = Map.copyOf(tags);
    }

    @Override
    public boolean needs(Change earlier) {
      return false;
    }
  }

  /** Replaces the trust policy. */
  record UpdateTrustPolicy(String roleName, String trustPolicy) implements Change {}

  /** Attaches a managed policy to the role. */
  record AttachManagedPolicy(String roleName, String policyArn) implements Change {
    @Override
    public Map<String, String> details() {
      return Map.of("policyArn", policyArn);
    }
  }

  /** Creates an instance profile, empty. */
  record CreateInstanceProfile(String instanceProfileName, String path) implements Change {
    @Override
    public Map<String, String> details() {
      return Map.of("instanceProfileName", instanceProfileName);
    }
  }

  /** Puts the role into an instance profile. */
  record AddRoleToInstanceProfile(String roleName, String instanceProfileName) implements Change {
    @Override
    public boolean needs(Change earlier) {
      return earlier instanceof CreateRole || earlier instanceof CreateInstanceProfile;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("instanceProfileName", instanceProfileName);
    }
  }

  /** Sets the role's permissions boundary. */
  record PutPermissionsBoundary(String roleName, String policyArn) implements Change {
    @Override
    public Map<String, String> details() {
      return Map.of("policyArn", policyArn);
    }
  }

  /** Sets tags, and leaves the others. */
  record TagRole(String roleName, Map<String, String> tags) implements Change {
    public TagRole {
      tags = Map.copyOf(tags);
    }
  }
}
