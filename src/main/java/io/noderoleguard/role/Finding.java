package io.noderoleguard.role;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** One thing in which a role differs from its desired state. */
public sealed interface Finding
    permits KnownPartition.PartitionNotSupported,
        Existence.RoleMissing,
        Path.RoleIsAwsOwn,
        Path.RolePathDiffers,
        Trust.NotANodeRole,
        Trust.TrustPolicyDiffers,
        Boundary.PermissionsBoundaryDiffers,
        Policies.ManagedPolicyNotAttached,
        ExtraPolicies.ManagedPolicyNotAllowed,
        ExtraPolicies.InlinePolicyNotAllowed,
        Profiles.InstanceProfileMissing,
        Profiles.InstanceProfileEmpty,
        Profiles.InstanceProfileHoldsOtherRole,
        Tags.TagsDiffer,
        Permissions.PermissionMissing,
        Permissions.PermissionExcessive,
        RoleSelection.NothingGuarded,
        AccessEntries.AccessEntryStale,
        AccessEntries.AccessEntryMissing,
        ClusterSelection.ClusterNotFound {

  /** Names the type in reports and logs; users' scripts rely on it. */
  default String type() {
    return getClass().getSimpleName();
  }

  /** The finding in a sentence for a person. */
  String message();

  /** What it is about, by name, for a program: {@code policyArn}, {@code instanceProfileName}. */
  default Map<String, String> details() {
    return Map.of();
  }

  /** The changes that repair it, in order; none where that is not the guard's to change. */
  default List<Change> remedy(DesiredRole desired) {
    return List.of();
  }

  /** The actions of IAM that can bring it about. */
  default Set<String> actions() {
    return Set.of();
  }

  /** Whether it can have to do with a managed policy. */
  default boolean concerns(String policyArn) {
    return details().getOrDefault("policyArn", policyArn).equals(policyArn);
  }

  /** Whether the role is not the guard's at all, so that nothing else about it matters. */
  default boolean isDecisive() {
    return false;
  }
}
