package io.noderoleguard.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.noderoleguard.role.Decision.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The types, details and sentences that people read and scripts rely on. */
final class WordsTest {

  private static final ClusterName CLUSTER = new ClusterName("eu-west-1", "prod");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static AccessEntry entry(String type) {
    return new AccessEntry(
        CLUSTER,
        "arn:r",
        "arn:e",
        type,
        "system:node:{{EC2PrivateDNSName}}",
        Set.of("system:nodes"),
        Map.of("team", "nodes"),
        NOON,
        List.of());
  }

  static Stream<Arguments> findings() {
    return Stream.of(
        // finding, type, details, a part of the message
        arguments(
            new Existence.RoleMissing("r"),
            "RoleMissing",
            Map.of(),
            "EKS access entries for the old role must be recreated. The guard does that in the"
                + " clusters that the setting Clusters names."),
        arguments(
            new Path.RoleIsAwsOwn("/aws-service-role/x/"),
            "RoleIsAwsOwn",
            Map.of(),
            "The path /aws-service-role/x/ shows that this role belongs to an AWS service"),
        arguments(
            new Path.RolePathDiffers("/a/", "/b/"),
            "RolePathDiffers",
            Map.of(),
            "The role's path is /a/, not /b/."),
        arguments(
            new Trust.TrustPolicyDiffers(List.of("also trusts x", "does not trust y"), "{old}"),
            "TrustPolicyDiffers",
            Map.of("previous", "{old}"),
            "The trust policy also trusts x; does not trust y."),
        arguments(
            new Trust.NotANodeRole(List.of("a", "b")),
            "NotANodeRole",
            Map.of(),
            "which names a, b, does not let nodes assume it: it is not a node role"),
        arguments(
            new Trust.NotANodeRole(List.of()), "NotANodeRole", Map.of(), "which names nobody,"),
        arguments(
            new KnownPartition.PartitionNotSupported("aws-iso"),
            "PartitionNotSupported",
            Map.of("partition", "aws-iso"),
            "partition aws-iso. The guard knows what is right in aws, aws-cn, aws-us-gov only"),
        arguments(
            new Policies.ManagedPolicyNotAttached("arn:p", List.of()),
            "ManagedPolicyNotAttached",
            Map.of("policyArn", "arn:p"),
            "The managed policy arn:p is not attached."),
        arguments(
            new Policies.ManagedPolicyNotAttached("arn:p", List.of("arn:q", "arn:r")),
            "ManagedPolicyNotAttached",
            Map.of("policyArn", "arn:p"),
            "None of the managed policies arn:p, arn:q, arn:r is attached; one of them is required."),
        arguments(
            new ExtraPolicies.ManagedPolicyNotAllowed("arn:p"),
            "ManagedPolicyNotAllowed",
            Map.of("policyArn", "arn:p"),
            "The managed policy arn:p is attached, and is neither required nor allowed."),
        arguments(
            new ExtraPolicies.InlinePolicyNotAllowed("p", "{old}"),
            "InlinePolicyNotAllowed",
            Map.of("policyName", "p", "previous", "{old}"),
            "The inline policy p is not allowed."),
        arguments(
            new Permissions.PermissionMissing(
                Verdict.EXPLICIT_DENY, List.of("a:B", "c:D"), List.of("P", "Q")),
            "PermissionMissing",
            Map.of("actions", "a:B, c:D", "decidedBy", "ExplicitDeny"),
            "Nodes need a:B, c:D and cannot do that: an explicit deny is in the way (P, Q)."),
        arguments(
            new Permissions.PermissionMissing(Verdict.BOUNDARY, List.of("a:B"), List.of()),
            "PermissionMissing",
            Map.of("actions", "a:B", "decidedBy", "PermissionsBoundary"),
            "Nodes need a:B and cannot do that: the permissions boundary is in the way."),
        arguments(
            new Permissions.PermissionMissing(Verdict.ORGANIZATION, List.of("a:B"), List.of()),
            "PermissionMissing",
            Map.of("actions", "a:B", "decidedBy", "Organization"),
            "a policy of the organization is in the way."),
        arguments(
            new Permissions.PermissionMissing(Verdict.NOT_GRANTED, List.of("a:B"), List.of()),
            "PermissionMissing",
            Map.of("actions", "a:B", "decidedBy", "NotGranted"),
            "no policy of the role allows it."),
        arguments(
            new Permissions.PermissionExcessive(
                List.of("iam:AttachRolePolicy", "iam:CreateAccessKey"), List.of("P")),
            "PermissionExcessive",
            Map.of("actions", "iam:AttachRolePolicy, iam:CreateAccessKey"),
            "Pods on these nodes can attach any policy to any role, create access keys of any user (P)."),
        arguments(
            new Profiles.InstanceProfileMissing("p", "/", List.of()),
            "InstanceProfileMissing",
            Map.of("instanceProfileName", "p"),
            "No instance profile holds the role."),
        arguments(
            new Profiles.InstanceProfileMissing("p", "/", List.of("eks-a", "eks-b")),
            "InstanceProfileMissing",
            Map.of("instanceProfileName", "p", "emptyInstanceProfiles", "eks-a, eks-b"),
            "empty, too: eks-a, eks-b. Nodes that start from one of them have no role"),
        arguments(
            new Profiles.InstanceProfileEmpty("p", List.of("eks-a")),
            "InstanceProfileEmpty",
            Map.of("instanceProfileName", "p", "emptyInstanceProfiles", "eks-a"),
            "the profile p is empty. These instance profiles are empty, too: eks-a."),
        arguments(
            new Profiles.InstanceProfileEmpty("p", List.of()),
            "InstanceProfileEmpty",
            Map.of("instanceProfileName", "p"),
            "No instance profile holds the role; the profile p is empty."),
        arguments(
            new Profiles.InstanceProfileHoldsOtherRole("p", "o"),
            "InstanceProfileHoldsOtherRole",
            Map.of("instanceProfileName", "p", "otherRoleName", "o"),
            "the profile p holds the role o. Others may rely on that"),
        arguments(
            new Boundary.PermissionsBoundaryDiffers(Optional.empty(), "arn:b"),
            "PermissionsBoundaryDiffers",
            Map.of("policyArn", "arn:b"),
            "The permissions boundary is missing, not arn:b."),
        arguments(
            new Boundary.PermissionsBoundaryDiffers(Optional.of("arn:a"), "arn:b"),
            "PermissionsBoundaryDiffers",
            Map.of("policyArn", "arn:b"),
            "The permissions boundary is arn:a, not arn:b."),
        arguments(
            new RoleSelection.NothingGuarded("a*", Optional.empty()),
            "NothingGuarded",
            Map.of("pattern", "a*"),
            "The pattern a* matches no role: it guards nothing."),
        arguments(
            new RoleSelection.NothingGuarded("a*", Optional.of("/eks/")),
            "NothingGuarded",
            Map.of("pattern", "a*"),
            "The pattern a* matches no role under the path /eks/"),
        arguments(
            new AccessEntries.AccessEntryStale(entry("EC2_LINUX"), NOON.plusSeconds(1)),
            "AccessEntryStale",
            Map.of(
                "cluster",
                "eu-west-1/prod",
                "accessEntryArn",
                "arn:e",
                "accessEntryCreatedAt",
                "2026-01-01T12:00:00Z",
                "roleCreatedAt",
                "2026-01-01T12:00:01Z",
                "previous",
                entry("EC2_LINUX").json()),
            "The access entry of the cluster eu-west-1/prod is from 2026-01-01T12:00:00Z and the"
                + " role from 2026-01-01T12:00:01Z"),
        arguments(
            new AccessEntries.AccessEntryMissing(CLUSTER, List.of("node group a", "node group b")),
            "AccessEntryMissing",
            Map.of("cluster", "eu-west-1/prod", "usedBy", "node group a, node group b"),
            "The cluster eu-west-1/prod has no access entry for the role, which its node group a,"
                + " node group b uses"),
        arguments(
            new ClusterSelection.ClusterNotFound("pord"),
            "ClusterNotFound",
            Map.of("cluster", "pord"),
            "No cluster is called pord: its access entries are not checked."),
        arguments(
            new Tags.TagsDiffer(Map.of("b", "2", "a", "1")),
            "TagsDiffer",
            Map.of(),
            "These tags are missing or have another value: a, b."));
  }

  @ParameterizedTest
  @MethodSource("findings")
  void aFindingHasATypeDetailsAndAMessage(
      Finding finding, String type, Map<String, String> details, String message) {
    assertThat(finding.type()).isEqualTo(type);
    assertThat(finding.details()).isEqualTo(details);
    assertThat(finding.message()).contains(message);
  }

  @Test
  void everyFindingHasItsWords() {
    assertThat(findings().map(WordsTest::kind).distinct())
        .containsExactlyInAnyOrder(Finding.class.getPermittedSubclasses());
  }

  private static Class<?> kind(Arguments row) {
    return Objects.requireNonNull(row.get()[0]).getClass();
  }

  @Test
  void allDifferencesOfATrustPolicyAreNamedHoweverMany() {
    List<String> differences = IntStream.range(0, 200).mapToObj(i -> "also trusts " + i).toList();

    assertThat(new Trust.TrustPolicyDiffers(differences, "{}").message())
        .isEqualTo("The trust policy " + String.join("; ", differences) + ".");
  }

  static Stream<Arguments> notes() {
    return Stream.of(
        // note, type, details, a part of the message
        arguments(
            new Note.TrustPolicyNarrowed(List.of("a", "b")),
            "TrustPolicyNarrowed",
            Map.of(),
            "only if a, or b."),
        arguments(
            new Note.TrustPolicyTagsSessions(),
            "TrustPolicyTagsSessions",
            Map.of(),
            "sts:TagSession"),
        arguments(
            new Note.SessionsRevoked("p"),
            "SessionsRevoked",
            Map.of("policyName", "p"),
            "The inline policy p ends the role's older sessions"),
        arguments(
            new Note.EffectNotVerified("No."),
            "EffectNotVerified",
            Map.of(),
            "It was not verified what nodes with this role can do. No."),
        arguments(
            new Note.PermissionDependsOnContext(List.of("a:B"), List.of("k", "l")),
            "PermissionDependsOnContext",
            Map.of("actions", "a:B"),
            "Whether nodes can do a:B depends on k, l"),
        arguments(
            new Note.PermissionDependsOnContext(List.of(), List.of("k", "l")),
            "PermissionDependsOnContext",
            Map.of(),
            "Policies of the role have conditions on k, l"),
        arguments(
            new Note.TrustPolicyDenies(List.of("denies a", "denies b")),
            "TrustPolicyDenies",
            Map.of(),
            "also denies a; denies b."),
        arguments(
            new Note.ChinaServicePrincipalMissing(),
            "ChinaServicePrincipalMissing",
            Map.of(),
            "but not ec2.amazonaws.com.cn"),
        arguments(
            new Note.ClusterUsesConfigMap(CLUSTER),
            "ClusterUsesConfigMap",
            Map.of("cluster", "eu-west-1/prod"),
            "The cluster eu-west-1/prod recognises roles by the ConfigMap aws-auth alone"),
        arguments(
            new Note.NodeGroupUnhealthy(CLUSTER, "blue", "IamNodeRoleNotFound", "It is gone."),
            "NodeGroupUnhealthy",
            Map.of("cluster", "eu-west-1/prod", "nodegroup", "blue", "code", "IamNodeRoleNotFound"),
            "IamNodeRoleNotFound of the node group blue of the cluster eu-west-1/prod: It is gone."));
  }

  @ParameterizedTest
  @MethodSource("notes")
  void aNoteHasItsWordsToo(Note note, String type, Map<String, String> details, String message) {
    assertThat(note.type()).isEqualTo(type);
    assertThat(note.details()).isEqualTo(details);
    assertThat(note.message()).contains(message);
  }

  @Test
  void everyNoteHasItsWords() {
    assertThat(notes().map(WordsTest::kind).distinct())
        .containsExactlyInAnyOrder(Note.class.getPermittedSubclasses());
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        // change, type, details, message
        arguments(
            new Change.CreateRole("/", "{}", Optional.empty(), Map.of()),
            "CreateRole",
            Map.of(),
            "Created the role."),
        arguments(
            new Change.UpdateTrustPolicy("{}"),
            "UpdateTrustPolicy",
            Map.of(),
            "Replaced the trust policy."),
        arguments(
            new Change.AttachManagedPolicy("arn:p"),
            "AttachManagedPolicy",
            Map.of("policyArn", "arn:p"),
            "Attached arn:p."),
        arguments(
            new Change.DetachManagedPolicy("arn:p"),
            "DetachManagedPolicy",
            Map.of("policyArn", "arn:p"),
            "Detached arn:p."),
        arguments(
            new Change.DeleteInlinePolicy("p"),
            "DeleteInlinePolicy",
            Map.of("policyName", "p"),
            "Deleted the inline policy p."),
        arguments(
            new Change.CreateInstanceProfile("p", "/"),
            "CreateInstanceProfile",
            Map.of("instanceProfileName", "p"),
            "Created the instance profile p."),
        arguments(
            new Change.AddRoleToInstanceProfile("p"),
            "AddRoleToInstanceProfile",
            Map.of("instanceProfileName", "p"),
            "Added the role to the instance profile p."),
        arguments(
            new Change.PutPermissionsBoundary("arn:b"),
            "PutPermissionsBoundary",
            Map.of("policyArn", "arn:b"),
            "Set the permissions boundary arn:b."),
        arguments(
            new Change.TagRole(Map.of("b", "2", "a", "1")),
            "TagRole",
            Map.of(),
            "Set the tags a, b."),
        arguments(
            new Change.DeleteAccessEntry(entry("EC2_LINUX")),
            "DeleteAccessEntry",
            Map.of("cluster", "eu-west-1/prod", "principalArn", "arn:r"),
            "Deleted the access entry of the cluster eu-west-1/prod."),
        arguments(
            new Change.CreateAccessEntry(entry("EC2_LINUX")),
            "CreateAccessEntry",
            Map.of(
                "cluster",
                "eu-west-1/prod",
                "principalArn",
                "arn:r",
                "accessEntry",
                entry("EC2_LINUX").json()),
            "Created the access entry of the cluster eu-west-1/prod again."),
        arguments(
            new Change.AssociateAccessPolicy(
                entry("EC2"), new AccessEntry.Policy("arn:p", List.of())),
            "AssociateAccessPolicy",
            Map.of("cluster", "eu-west-1/prod", "principalArn", "arn:r"),
            "Associated arn:p with the access entry of the cluster eu-west-1/prod again."));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aChangeHasATypeDetailsAndAMessage(
      Change change, String type, Map<String, String> details, String message) {
    assertThat(change.type()).isEqualTo(type);
    assertThat(change.details()).isEqualTo(details);
    assertThat(change.message()).isEqualTo(message);
  }

  @Test
  void everyChangeHasItsWords() {
    assertThat(changes().map(WordsTest::kind).distinct())
        .containsExactlyInAnyOrderElementsOf(Kinds.of(Change.class));
  }

  @Test
  void theInstanceProfileThatIsNamedIsTheRolesOwnElseTheFirst() {
    RoleFixtures.Actual role = RoleFixtures.rightRole();
    role.profiles =
        List.of(
            RoleFixtures.profile("B", RoleFixtures.NAME),
            RoleFixtures.profile(RoleFixtures.NAME, RoleFixtures.NAME),
            RoleFixtures.profile("A", RoleFixtures.NAME));
    assertThat(role.state().instanceProfile())
        .contains(RoleFixtures.profile(RoleFixtures.NAME, RoleFixtures.NAME));

    role.profiles =
        List.of(
            RoleFixtures.profile("B", RoleFixtures.NAME),
            RoleFixtures.profile("A", RoleFixtures.NAME));
    assertThat(role.state().instanceProfile())
        .contains(RoleFixtures.profile("A", RoleFixtures.NAME));
  }
}
