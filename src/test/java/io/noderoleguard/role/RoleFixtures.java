package io.noderoleguard.role;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Desired roles and actual ones. */
final class RoleFixtures {

  static final String NAME = "NodeInstanceRole";
  static final String WORKER = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy";
  static final String CNI = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy";
  static final String ECR = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly";
  static final String PULL_ONLY = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly";
  static final String BOUNDARY = "arn:aws:iam::123456789012:policy/Boundary";

  private RoleFixtures() {}

  static final Target TARGET = Target.named(NAME);

  static DesiredRole desired() {
    return Requirements.DEFAULT.byPartition().apply(Partition.AWS);
  }

  /** Wants nothing beyond what is required. */
  static DesiredRole strict() {
    return new Requirements(
            Optional.empty(),
            Requirements.DEFAULT_POLICIES,
            Optional.empty(),
            InstanceProfileUse.ENSURE,
            Optional.empty(),
            Map.of(),
            ExtraPolicyUse.REMOVE,
            List.of(),
            EffectUse.VERIFY)
        .byPartition()
        .apply(Partition.AWS);
  }

  /** Asks for everything that can be asked for. */
  static DesiredRole fullyDesired() {
    return new Requirements(
            Optional.of("/eks/"),
            Requirements.DEFAULT_POLICIES,
            Optional.of(BOUNDARY),
            Map.of("team", "platform"))
        .byPartition()
        .apply(Partition.AWS);
  }

  static Actual rightRole() {
    return new Actual();
  }

  static InstanceProfile profile(String name, String... roleNames) {
    return new InstanceProfile(
        name, "arn:aws:iam::123456789012:instance-profile/" + name, List.of(roleNames));
  }

  /** A role that is right as to {@link #desired()}, until something of it is set. */
  static final class Actual {
    String path = "/";
    String trustPolicy =
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
    Set<String> policyArns = Set.of(WORKER, CNI, ECR);
    List<InstanceProfile> profiles = List.of(profile(NAME, NAME));
    Optional<InstanceProfile> profileOfSameName = Optional.empty();
    List<String> emptyProfiles = List.of();
    Optional<String> boundary = Optional.empty();
    Map<String, String> tags = Map.of();
    Instant createdAt = Instant.parse("2026-01-01T00:00:00Z");
    List<InlinePolicy> inlinePolicies = List.of();
    SimulatedEffect effect = SimulatedEffect.NOT_ASKED;

    RoleState.Present state() {
      return new RoleState.Present(
          NAME,
          path,
          "arn:aws:iam::123456789012:role" + path + NAME,
          "AROAEXAMPLE",
          createdAt,
          trustPolicy,
          policyArns,
          inlinePolicies,
          profiles,
          new RoleState.OtherProfiles(profileOfSameName, emptyProfiles),
          boundary,
          tags,
          effect);
    }
  }
}
