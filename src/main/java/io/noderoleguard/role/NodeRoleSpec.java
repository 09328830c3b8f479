package io.noderoleguard.role;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node role should be, as a user says it: without a partition, which is not known before the
 * role is read.
 *
 * @param name the role's name
 * @param path the path that it should be under; empty when any will do, and {@code /} if it has to
 *     be created
 * @param policies the managed policies that should be attached, each the name of an AWS managed
 *     policy or an ARN
 * @param permissionsBoundary the ARN of the policy that should bound it; empty when any or none
 *     will do
 * @param tags the tags that it should have, among others
 */
public record NodeRoleSpec(
    String name,
    Optional<String> path,
    List<String> policies,
    Optional<String> permissionsBoundary,
    Map<String, String> tags) {

  /**
   * The managed policies that the <a
   * href="https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html">EKS user
   * guide</a>'s procedure asks for.
   */
  public static final List<String> DEFAULT_POLICIES =
      List.of(
          "AmazonEKSWorkerNodePolicy",
          "AmazonEKS_CNI_Policy",
          "AmazonEC2ContainerRegistryReadOnly");

  /**
   * @throws IllegalArgumentException when {@link SpecRules} do not hold; it names all that is wrong
   */
  public NodeRoleSpec {
    policies = List.copyOf(policies);
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));

    List<String> problems = new ArrayList<>();
    SpecRules.roleName(name).ifPresent(problems::add);
    path.flatMap(SpecRules::path).ifPresent(problems::add);
    policies.forEach(policy -> SpecRules.policy(policy).ifPresent(problems::add));
    permissionsBoundary.flatMap(SpecRules::permissionsBoundary).ifPresent(problems::add);
    tags.forEach((key, value) -> SpecRules.tag(key, value).ifPresent(problems::add));
    SpecRules.tags(tags).ifPresent(problems::add);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** The desired state in a partition. */
  public DesiredRole in(Partition partition) {
    return new DesiredRole(
        name,
        path,
        policies.stream().map(partition::policyArn).distinct().toList(),
        TrustPolicy.in(partition),
        permissionsBoundary,
        tags);
  }
}
