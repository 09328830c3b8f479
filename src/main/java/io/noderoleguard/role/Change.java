package io.noderoleguard.role;

import java.util.Map;
import java.util.Optional;

/** One write to a role in IAM. Each repairs one thing and is safe to repeat. */
public sealed interface Change {

  /** Names the type in reports and logs; users' scripts rely on it. */
  default String type() {
    return getClass().getSimpleName();
  }

  /** The action of IAM that makes it. */
  default String action() {
    return type();
  }

  /** What was done, in a sentence for a person: "Attached arn:aws:iam::aws:policy/…". */
  String message();

  /** What it is about, by name, for a program. */
  default Map<String, String> details() {
    return Map.of();
  }

  /** Whether this change depends on an earlier one of the plan, and is skipped if that failed. */
  default boolean dependsOn(Change earlier) {
    return earlier instanceof CreateRole;
  }

  /**
   * Whether this change makes room for an earlier one of the plan, which a quota may have stopped:
   * then that one is made after it.
   */
  default boolean makesRoomFor(Change earlier) {
    return false;
  }

  /** Creates the role with all that IAM takes at creation. */
  record CreateRole(
      String path,
      String trustPolicy,
      Optional<String> permissionsBoundary,
      Map<String, String> tags)
      implements Change {
    public CreateRole {
      tags = Map.copyOf(tags);
    }

    @Override
    public String message() {
      return "Created the role.";
    }

    @Override
    public boolean dependsOn(Change earlier) {
      return false;
    }
  }

  /** Replaces the trust policy. */
  record UpdateTrustPolicy(String trustPolicy) implements Change {
    @Override
    public String action() {
      return "UpdateAssumeRolePolicy";
    }

    @Override
    public String message() {
      return "Replaced the trust policy.";
    }
  }

  /** Attaches a managed policy to the role. */
  record AttachManagedPolicy(String policyArn) implements Change {
    @Override
    public String action() {
      return "AttachRolePolicy";
    }

    @Override
    public String message() {
      return "Attached %s.".formatted(policyArn);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("policyArn", policyArn);
    }
  }

  /** Detaches a managed policy from the role. */
  record DetachManagedPolicy(String policyArn) implements Change {
    @Override
    public String message() {
      return "Detached %s.".formatted(policyArn);
    }

    @Override
    public String action() {
      return "DetachRolePolicy";
    }

    @Override
    public boolean dependsOn(Change earlier) {
      return removalDependsOn(earlier);
    }

    @Override
    public boolean makesRoomFor(Change earlier) {
      return earlier instanceof AttachManagedPolicy;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("policyArn", policyArn);
    }
  }

  /** Deletes an inline policy of the role. */
  record DeleteInlinePolicy(String policyName) implements Change {
    @Override
    public String message() {
      return "Deleted the inline policy %s.".formatted(policyName);
    }

    @Override
    public String action() {
      return "DeleteRolePolicy";
    }

    @Override
    public boolean dependsOn(Change earlier) {
      return removalDependsOn(earlier);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("policyName", policyName);
    }
  }

  /**
   * Nothing is taken from a role that lacks something: what is to be removed may be all that keeps
   * its nodes working.
   */
  private static boolean removalDependsOn(Change earlier) {
    return earlier instanceof CreateRole || earlier instanceof AttachManagedPolicy;
  }

  /** Creates an instance profile, empty. */
  record CreateInstanceProfile(String instanceProfileName, String path) implements Change {
    @Override
    public String message() {
      return "Created the instance profile %s.".formatted(instanceProfileName);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("instanceProfileName", instanceProfileName);
    }
  }

  /** Adds the role to an instance profile. */
  record AddRoleToInstanceProfile(String instanceProfileName) implements Change {
    @Override
    public String message() {
      return "Added the role to the instance profile %s.".formatted(instanceProfileName);
    }

    @Override
    public boolean dependsOn(Change earlier) {
      return earlier instanceof CreateRole || earlier instanceof CreateInstanceProfile;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("instanceProfileName", instanceProfileName);
    }
  }

  /** Sets the role's permissions boundary. */
  record PutPermissionsBoundary(String policyArn) implements Change {
    @Override
    public String action() {
      return "PutRolePermissionsBoundary";
    }

    @Override
    public String message() {
      return "Set the permissions boundary %s.".formatted(policyArn);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("policyArn", policyArn);
    }
  }

  /** Sets tags, and leaves the others. */
  record TagRole(Map<String, String> tags) implements Change {
    public TagRole {
      tags = Map.copyOf(tags);
    }

    @Override
    public String message() {
      return "Set the tags %s."
          .formatted(String.join(", ", tags.keySet().stream().sorted().toList()));
    }
  }

  /** A write to a cluster's access entry in EKS. */
  sealed interface OfAccessEntry extends Change {

    /** The entry as it was before anything was changed. */
    AccessEntry entry();

    @Override
    default Map<String, String> details() {
      return Map.of(
          "cluster", entry().cluster().toString(), "principalArn", entry().principalArn());
    }
  }

  /** Deletes an entry of nodes. Only with {@link CreateAccessEntry} after it. */
  record DeleteAccessEntry(AccessEntry entry) implements OfAccessEntry {
    @Override
    public String message() {
      return "Deleted the access entry of the cluster %s.".formatted(entry.cluster());
    }

    @Override
    public boolean dependsOn(Change earlier) {
      return false;
    }
  }

  /** Creates the entry again, for the role that exists now. */
  record CreateAccessEntry(AccessEntry entry) implements OfAccessEntry {
    @Override
    public String message() {
      return "Created the access entry of the cluster %s again.".formatted(entry.cluster());
    }

    @Override
    public boolean dependsOn(Change earlier) {
      return earlier.equals(new DeleteAccessEntry(entry));
    }

    /** The whole entry, too: if this fails, somebody has to create it. */
    @Override
    public Map<String, String> details() {
      return Map.of(
          "cluster",
          entry.cluster().toString(),
          "principalArn",
          entry.principalArn(),
          "accessEntry",
          entry.json());
    }
  }

  /** Associates an access policy with the entry again. */
  record AssociateAccessPolicy(AccessEntry entry, AccessEntry.Policy policy)
      implements OfAccessEntry {
    @Override
    public String message() {
      return "Associated %s with the access entry of the cluster %s again."
          .formatted(policy.arn(), entry.cluster());
    }

    @Override
    public boolean dependsOn(Change earlier) {
      return earlier.equals(new CreateAccessEntry(entry));
    }
  }
}
