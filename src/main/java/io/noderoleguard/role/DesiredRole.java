package io.noderoleguard.role;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    Map<String, String> tags) {

  public DesiredRole {
    policies = List.copyOf(policies);
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }

  /** The path to create a role under. */
  String pathToCreate() {
    return path.orElse("/");
  }
}
