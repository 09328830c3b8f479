package io.noderoleguard.role;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The desired state of a role in its partition: {@link NodeRoleSpec} with every ARN and service
 * name spelled out.
 */
public record DesiredRole(
    String name,
    Optional<String> path,
    List<String> policyArns,
    TrustPolicy trustPolicy,
    Optional<String> permissionsBoundary,
    Map<String, String> tags) {

  public DesiredRole {
    policyArns = List.copyOf(policyArns);
  }

  /** The path to create the role under. */
  String pathToCreate() {
    return path.orElse("/");
  }
}
