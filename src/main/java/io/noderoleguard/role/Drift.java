package io.noderoleguard.role;

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
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares what a role should be with what it is. */
public final class Drift {

  private Drift() {}

  /**
   * All that differs, in the order in which it is to be put right; empty when the role is right.
   * What the role has beyond the desired state (policies, inline policies, tags, further instance
   * profiles) does not differ.
   */
  public static List<Finding> between(DesiredRole desired, RoleState actual) {
    return switch (actual) {
      case Absent absent -> ofAbsent(desired, absent);
      case Present present -> ofPresent(desired, present);
    };
  }

  private static List<Finding> ofAbsent(DesiredRole desired, Absent actual) {
    List<Finding> findings = new ArrayList<>();
    findings.add(new RoleMissing(desired.name()));
    addPolicies(desired, Set.of(), findings);
    addInstanceProfile(desired.name(), desired.pathToCreate(), actual.namesake(), findings);
    return List.copyOf(findings);
  }

  private static List<Finding> ofPresent(DesiredRole desired, Present actual) {
    if (actual.isAwsOwn()) {
      return List.of(new RoleIsAwsOwn(actual.path()));
    }
    List<Finding> findings = new ArrayList<>();
    desired
        .path()
        .filter(path -> !path.equals(actual.path()))
        .ifPresent(path -> findings.add(new RolePathDiffers(actual.path(), path)));
    List<String> trust = desired.trustPolicy().differencesOf(actual.trustPolicy());
    if (!trust.isEmpty()) {
      findings.add(new TrustPolicyDiffers(trust));
    }
    desired
        .permissionsBoundary()
        .filter(boundary -> !actual.permissionsBoundary().equals(Optional.of(boundary)))
        .ifPresent(
            boundary ->
                findings.add(
                    new PermissionsBoundaryDiffers(actual.permissionsBoundary(), boundary)));
    addPolicies(desired, actual.attachedPolicyArns(), findings);
    if (actual.instanceProfiles().isEmpty()) {
      addInstanceProfile(actual.name(), actual.path(), actual.namesake(), findings);
    }
    Map<String, String> tags = TagKeys.missing(desired.tags(), actual.tags());
    if (!tags.isEmpty()) {
      findings.add(new TagsDiffer(tags));
    }
    return List.copyOf(findings);
  }

  private static void addPolicies(
      DesiredRole desired, Set<String> attached, List<Finding> findings) {
    for (String policyArn : desired.policyArns()) {
      if (!attached.contains(policyArn)) {
        findings.add(new ManagedPolicyNotAttached(policyArn));
      }
    }
  }

  private static void addInstanceProfile(
      String roleName, String path, Optional<InstanceProfile> namesake, List<Finding> findings) {
    if (namesake.isEmpty()) {
      findings.add(new InstanceProfileMissing(roleName, path));
      return;
    }
    InstanceProfile profile = namesake.get();
    if (profile.roleNames().isEmpty()) {
      findings.add(new InstanceProfileEmpty(profile.name()));
    } else if (!profile.roleNames().contains(roleName)) {
      findings.add(
          new InstanceProfileHoldsOtherRole(
              profile.name(), String.join(", ", profile.roleNames())));
    }
  }
}
