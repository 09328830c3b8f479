package io.noderoleguard.role;

import io.noderoleguard.role.Change.AddRoleToInstanceProfile;
import io.noderoleguard.role.Change.AttachManagedPolicy;
import io.noderoleguard.role.Change.CreateInstanceProfile;
import io.noderoleguard.role.Change.CreateRole;
import io.noderoleguard.role.Change.PutPermissionsBoundary;
import io.noderoleguard.role.Change.TagRole;
import io.noderoleguard.role.Change.UpdateTrustPolicy;
import io.noderoleguard.role.Finding.InstanceProfileEmpty;
import io.noderoleguard.role.Finding.InstanceProfileHoldsOtherRole;
import io.noderoleguard.role.Finding.InstanceProfileMissing;
import io.noderoleguard.role.Finding.ManagedPolicyNotAttached;
import io.noderoleguard.role.Finding.PermissionsBoundaryDiffers;
import io.noderoleguard.role.Finding.RoleIsAwsOwn;
import io.noderoleguard.role.Finding.RoleMissing;
import io.noderoleguard.role.Finding.RolePathDiffers;
import io.noderoleguard.role.Finding.TagsDiffer;
import io.noderoleguard.role.Finding.TrustPolicyDiffers;
import java.util.List;

/**
 * The fewest changes that put findings right, in the order in which they are to be made: what a
 * change {@linkplain Change#needs needs} comes before it. A finding that is not the guard's to
 * change adds none.
 */
public record Plan(List<Change> changes) {

  public Plan {
    changes = List.copyOf(changes);
  }

  /** The plan for what was found. */
  public static Plan of(DesiredRole desired, List<Finding> findings) {
    return new Plan(
        findings.stream().flatMap(finding -> changes(desired, finding).stream()).toList());
  }

  /** Whether there is nothing to change. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  private static List<Change> changes(DesiredRole desired, Finding finding) {
    String role = desired.name();
    return switch (finding) {
      case RoleMissing _ ->
          List.of(
              new CreateRole(
                  role,
                  desired.pathToCreate(),
                  desired.trustPolicy().json(),
                  desired.permissionsBoundary(),
                  desired.tags()));
      case RoleIsAwsOwn _ -> List.of();
      case RolePathDiffers _ -> List.of();
      case TrustPolicyDiffers _ ->
          List.of(new UpdateTrustPolicy(role, desired.trustPolicy().json()));
      case PermissionsBoundaryDiffers(_, var desiredArn) ->
          List.of(new PutPermissionsBoundary(role, desiredArn));
      case ManagedPolicyNotAttached(var policyArn) ->
          List.of(new AttachManagedPolicy(role, policyArn));
      case InstanceProfileMissing(var profile, var path) ->
          List.of(
              new CreateInstanceProfile(profile, path),
              new AddRoleToInstanceProfile(role, profile));
      case InstanceProfileEmpty(var profile) ->
          List.of(new AddRoleToInstanceProfile(role, profile));
      case InstanceProfileHoldsOtherRole _ -> List.of();
      case TagsDiffer(var tags) -> List.of(new TagRole(role, tags));
    };
  }
}
