package io.noderoleguard.role;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What the owner requires of node roles: the same for all of them, and without a partition, which
 * is only known when a role was read.
 *
 * @param path the path that a role should be under; empty when any will do, and {@code /} if it has
 *     to be created
 * @param policies the managed policies that should be attached, each the name of an AWS managed
 *     policy or an ARN, or several of which any will do: {@code A|B}
 * @param trustPolicy the JSON of the owner's trust policy; empty when that of the EKS user guide is
 *     right
 * @param instanceProfile whether an instance profile has to hold a role
 * @param permissionsBoundary the ARN of the policy that should bound a role; empty when any or none
 *     will do
 * @param tags the tags that a role should have, among others
 * @param extraPolicies what becomes of policies that are neither required nor allowed
 * @param allowedPolicies what a role may have besides; see {@link AllowedPolicies}
 * @param effect whether IAM is asked what a role's policies add up to
 */
public record Requirements(
    Optional<String> path,
    List<String> policies,
    Optional<String> trustPolicy,
    InstanceProfileUse instanceProfile,
    Optional<String> permissionsBoundary,
    Map<String, String> tags,
    ExtraPolicyUse extraPolicies,
    List<String> allowedPolicies,
    EffectUse effect) {

  /**
   * The managed policies that the <a
   * href="https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html">EKS user
   * guide</a>'s procedure asks for, in its older and its newer form.
   */
  public static final List<String> DEFAULT_POLICIES =
      List.of(
          "AmazonEKSWorkerNodePolicy",
          "AmazonEKS_CNI_Policy",
          "AmazonEC2ContainerRegistryReadOnly|AmazonEC2ContainerRegistryPullOnly");

  /** What the EKS user guide's procedure requires. */
  public static final Requirements DEFAULT =
      new Requirements(Optional.empty(), DEFAULT_POLICIES, Optional.empty(), Map.of());

  /** With the trust policy of the EKS user guide, and an instance profile. */
  public Requirements(
      Optional<String> path,
      List<String> policies,
      Optional<String> permissionsBoundary,
      Map<String, String> tags) {
    this(path, policies, Optional.empty(), InstanceProfileUse.ENSURE, permissionsBoundary, tags);
  }

  /** With whatever other policies, and what they all add up to verified. */
  public Requirements(
      Optional<String> path,
      List<String> policies,
      Optional<String> trustPolicy,
      InstanceProfileUse instanceProfile,
      Optional<String> permissionsBoundary,
      Map<String, String> tags) {
    this(
        path,
        policies,
        trustPolicy,
        instanceProfile,
        permissionsBoundary,
        tags,
        ExtraPolicyUse.IGNORE,
        List.of(),
        EffectUse.VERIFY);
  }

  public Requirements {
    policies = List.copyOf(policies);
    allowedPolicies = List.copyOf(allowedPolicies);
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }

  /** A part of the requirements, which has a name of its own as a setting and as a property. */
  public enum Part {
    PATH,
    POLICIES,
    TRUST_POLICY,
    PERMISSIONS_BOUNDARY,
    TAGS,
    ALLOWED_POLICIES
  }

  /**
   * Something that IAM would not accept.
   *
   * @param text a clause that says what is accepted
   */
  public record Problem(Part part, String text) {}

  /** All that is wrong; empty when nothing is. */
  public List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    path.flatMap(IamRules::path).ifPresent(text -> problems.add(new Problem(Part.PATH, text)));
    for (String policy : policies) {
      IamRules.policies(policy).ifPresent(text -> problems.add(new Problem(Part.POLICIES, text)));
    }
    trustPolicy
        .flatMap(
            json ->
                TrustPolicyRules.problemWith(json, instanceProfile == InstanceProfileUse.ENSURE))
        .ifPresent(text -> problems.add(new Problem(Part.TRUST_POLICY, text)));
    permissionsBoundary
        .flatMap(IamRules::permissionsBoundary)
        .ifPresent(text -> problems.add(new Problem(Part.PERMISSIONS_BOUNDARY, text)));
    tags.forEach(
        (key, value) ->
            IamRules.tag(key, value).ifPresent(text -> problems.add(new Problem(Part.TAGS, text))));
    IamRules.tags(tags).ifPresent(text -> problems.add(new Problem(Part.TAGS, text)));
    allowedPolicies.forEach(
        entry ->
            AllowedPolicies.problemWith(entry)
                .ifPresent(text -> problems.add(new Problem(Part.ALLOWED_POLICIES, text))));
    return List.copyOf(problems);
  }

  /**
   * The desired state by partition, each made when it is first asked for.
   *
   * @throws IllegalStateException when there are {@link #problems}
   */
  public Function<Partition, DesiredRole> byPartition() {
    if (!problems().isEmpty()) {
      throw new IllegalStateException(problems().toString());
    }
    Map<Partition, DesiredRole> made = new ConcurrentHashMap<>();
    return partition -> made.computeIfAbsent(partition, this::in);
  }

  private DesiredRole in(Partition partition) {
    return new DesiredRole(
        partition,
        path,
        choices(partition),
        trustPolicy
            .map(json -> TrustPolicy.ofOwner(json, partition))
            .orElseGet(() -> TrustPolicy.in(partition)),
        instanceProfile,
        permissionsBoundary,
        tags,
        extraPolicies,
        new AllowedPolicies(allowedPolicies),
        effect);
  }

  private List<PolicyChoice> choices(Partition partition) {
    List<PolicyChoice> choices =
        policies.stream()
            .map(PolicyChoice::alternatives)
            .map(all -> all.stream().map(partition::policyArn).distinct().toList())
            .map(PolicyChoice::new)
            .distinct()
            .toList();
    // What B alone satisfies needs no A|B besides.
    return choices.stream()
        .filter(choice -> choices.stream().noneMatch(other -> other.isPartOf(choice)))
        .toList();
  }
}
