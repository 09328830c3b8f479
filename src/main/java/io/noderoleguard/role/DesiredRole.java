package io.noderoleguard.role;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The desired state of the guarded roles of one partition: {@link Requirements} with every ARN and
 * service name spelled out.
 */
public record DesiredRole(
    Partition partition,
    Optional<String> path,
    List<PolicyChoice> policies,
    TrustPolicy trustPolicy,
    InstanceProfileUse instanceProfile,
    Optional<String> permissionsBoundary,
    Map<String, String> tags,
    ExtraPolicyUse extraPolicies,
    AllowedPolicies allowedPolicies,
    EffectUse effect) {

  public DesiredRole {
    policies = List.copyOf(policies);
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }

  /** Whether a managed policy may be attached: it is required, would do instead, or is allowed. */
  boolean allowsManaged(String policyArn) {
    return policies.stream().anyMatch(choice -> choice.arns().contains(policyArn))
        || allowedPolicies.allowsManaged(policyArn);
  }

  /** The actions that nodes need, as far as the required policies tell. */
  public List<String> actionsNodesNeed() {
    return NodePermissions.neededBy(policies);
  }

  /**
   * The actions to ask IAM about: what nodes need and what they should not be able to do; none
   * where the owner does not want that.
   */
  public List<String> actionsToVerify() {
    return switch (effect) {
      case VERIFY ->
          Stream.concat(actionsNodesNeed().stream(), NodePermissions.excessive().stream()).toList();
      case OFF -> List.of();
    };
  }

  /** The path to create a role under. */
  public String pathToCreate() {
    return path.orElse("/");
  }
}
