package io.noderoleguard.role;

import static io.noderoleguard.role.RoleFixtures.BOUNDARY;
import static io.noderoleguard.role.RoleFixtures.CNI;
import static io.noderoleguard.role.RoleFixtures.ECR;
import static io.noderoleguard.role.RoleFixtures.NAME;
import static io.noderoleguard.role.RoleFixtures.PULL_ONLY;
import static io.noderoleguard.role.RoleFixtures.TARGET;
import static io.noderoleguard.role.RoleFixtures.WORKER;
import static io.noderoleguard.role.RoleFixtures.desired;
import static io.noderoleguard.role.RoleFixtures.fullyDesired;
import static io.noderoleguard.role.RoleFixtures.profile;
import static io.noderoleguard.role.RoleFixtures.rightRole;
import static io.noderoleguard.role.RoleFixtures.strict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.noderoleguard.role.Boundary.PermissionsBoundaryDiffers;
import io.noderoleguard.role.Change.AddRoleToInstanceProfile;
import io.noderoleguard.role.Change.AttachManagedPolicy;
import io.noderoleguard.role.Change.CreateInstanceProfile;
import io.noderoleguard.role.Change.CreateRole;
import io.noderoleguard.role.Change.DeleteInlinePolicy;
import io.noderoleguard.role.Change.DetachManagedPolicy;
import io.noderoleguard.role.Change.PutPermissionsBoundary;
import io.noderoleguard.role.Change.TagRole;
import io.noderoleguard.role.Change.UpdateTrustPolicy;
import io.noderoleguard.role.Decision.Verdict;
import io.noderoleguard.role.Existence.RoleMissing;
import io.noderoleguard.role.ExtraPolicies.InlinePolicyNotAllowed;
import io.noderoleguard.role.ExtraPolicies.ManagedPolicyNotAllowed;
import io.noderoleguard.role.Path.RoleIsAwsOwn;
import io.noderoleguard.role.Path.RolePathDiffers;
import io.noderoleguard.role.Permissions.PermissionExcessive;
import io.noderoleguard.role.Permissions.PermissionMissing;
import io.noderoleguard.role.Policies.ManagedPolicyNotAttached;
import io.noderoleguard.role.Profiles.InstanceProfileEmpty;
import io.noderoleguard.role.Profiles.InstanceProfileHoldsOtherRole;
import io.noderoleguard.role.Profiles.InstanceProfileMissing;
import io.noderoleguard.role.RoleFixtures.Actual;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.OtherProfiles;
import io.noderoleguard.role.Tags.TagsDiffer;
import io.noderoleguard.role.Trust.TrustPolicyDiffers;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class DriftTest {

  private static final String STRANGER =
      """
      {"Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com",
      "AWS":"arn:aws:iam::999999999999:root"},"Action":"sts:AssumeRole"}}""";

  private static final String TRUST = desired().trustPolicy().json();

  private static Consumer<Actual> role(Consumer<Actual> drift) {
    return drift;
  }

  static Stream<Arguments> drifts() {
    return Stream.of(
        // what differs, how the role differs from the right one, finding, changes
        arguments(
            "a policy is detached",
            role(role -> role.policyArns = Set.of(WORKER, ECR)),
            new ManagedPolicyNotAttached(CNI, List.of()),
            List.of(new AttachManagedPolicy(CNI))),
        arguments(
            "a stranger is trusted",
            role(role -> role.trustPolicy = STRANGER),
            new TrustPolicyDiffers(List.of("also trusts arn:aws:iam::999999999999:root"), STRANGER),
            List.of(new UpdateTrustPolicy(TRUST))),
        arguments(
            "the trust policy cannot be understood",
            role(role -> role.trustPolicy = "{\"Statement\":[],\"New\":1}"),
            new TrustPolicyDiffers(
                List.of("cannot be understood: the document has the unknown member [New]"),
                "{\"Statement\":[],\"New\":1}"),
            List.of(new UpdateTrustPolicy(TRUST))),
        arguments(
            "the trust policy trusts nobody",
            role(role -> role.trustPolicy = "{\"Statement\":[]}"),
            new TrustPolicyDiffers(
                List.of("does not trust ec2.amazonaws.com"), "{\"Statement\":[]}"),
            List.of(new UpdateTrustPolicy(TRUST))),
        arguments(
            "there is no instance profile",
            role(role -> role.profiles = List.of()),
            new InstanceProfileMissing(NAME, "/", List.of()),
            List.of(new CreateInstanceProfile(NAME, "/"), new AddRoleToInstanceProfile(NAME))),
        arguments(
            "there is no instance profile for a role with a path",
            role(
                role -> {
                  role.path = "/eks/";
                  role.profiles = List.of();
                }),
            new InstanceProfileMissing(NAME, "/eks/", List.of()),
            List.of(new CreateInstanceProfile(NAME, "/eks/"), new AddRoleToInstanceProfile(NAME))),
        arguments(
            "the instance profile is empty",
            role(
                role -> {
                  role.profiles = List.of();
                  role.profileOfSameName = Optional.of(profile(NAME));
                }),
            new InstanceProfileEmpty(NAME, List.of()),
            List.of(new AddRoleToInstanceProfile(NAME))),
        arguments(
            "the instance profile holds another role",
            role(
                role -> {
                  role.profiles = List.of();
                  role.profileOfSameName = Optional.of(profile(NAME, "Other"));
                }),
            new InstanceProfileHoldsOtherRole(NAME, "Other"),
            List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("drifts")
  void eachDriftIsOneFindingWithTheFewestChanges(
      String what, Consumer<Actual> drift, Finding finding, List<Change> changes) {
    Actual actual = rightRole();
    drift.accept(actual);
    DesiredRole desired = desired();

    List<Finding> findings = Drift.between(TARGET, desired, actual.state());

    assertThat(findings).containsExactly(finding);
    assertThat(Plan.of(desired, findings).changes()).isEqualTo(changes);
  }

  static Stream<Arguments> askedForDrifts() {
    return Stream.of(
        // what differs, how the role differs from the one asked for, finding, changes
        arguments(
            "the path is another",
            role(role -> role.path = "/"),
            new RolePathDiffers("/", "/eks/"),
            List.of()),
        arguments(
            "there is no boundary",
            role(role -> role.boundary = Optional.empty()),
            new PermissionsBoundaryDiffers(Optional.empty(), BOUNDARY),
            List.of(new PutPermissionsBoundary(BOUNDARY))),
        arguments(
            "the boundary is another",
            role(role -> role.boundary = Optional.of(BOUNDARY + "2")),
            new PermissionsBoundaryDiffers(Optional.of(BOUNDARY + "2"), BOUNDARY),
            List.of(new PutPermissionsBoundary(BOUNDARY))),
        arguments(
            "a tag is missing",
            role(role -> role.tags = Map.of("other", "x")),
            new TagsDiffer(Map.of("team", "platform")),
            List.of(new TagRole(Map.of("team", "platform")))),
        arguments(
            "a tag has another value, under a key in other letters",
            role(role -> role.tags = Map.of("TEAM", "x")),
            new TagsDiffer(Map.of("team", "platform")),
            List.of(new TagRole(Map.of("team", "platform")))));
  }

  static Stream<Arguments> extras() {
    return Stream.of(
        // what is there, how the role differs from the right one, finding, changes
        arguments(
            "another policy is attached",
            role(role -> role.policyArns = Set.of(WORKER, CNI, ECR, BOUNDARY)),
            new ManagedPolicyNotAllowed(BOUNDARY),
            List.of(new DetachManagedPolicy(BOUNDARY))),
        arguments(
            "an inline policy",
            role(role -> role.inlinePolicies = List.of(new InlinePolicy("p", "{}"))),
            new InlinePolicyNotAllowed("p", "{}"),
            List.of(new DeleteInlinePolicy("p"))),
        arguments(
            "a denial",
            role(role -> role.effect = decided("ec2:DescribeInstances", Verdict.BOUNDARY)),
            new PermissionMissing(Verdict.BOUNDARY, List.of("ec2:DescribeInstances"), List.of("P")),
            List.of()),
        arguments(
            "a permission",
            role(role -> role.effect = decided("iam:PutRolePolicy", Verdict.ALLOWED)),
            new PermissionExcessive(List.of("iam:PutRolePolicy"), List.of("P")),
            List.of()));
  }

  private static SimulatedEffect decided(String action, Verdict verdict) {
    return new SimulatedEffect.Known(
        List.of(new Decision(action, verdict, List.of("P"), List.of())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("extras")
  void whatIsThereBesidesIsComparedToo(
      String what, Consumer<Actual> drift, Finding finding, List<Change> changes) {
    Actual actual = rightRole();
    drift.accept(actual);
    DesiredRole desired = strict();

    List<Finding> findings = Drift.between(TARGET, desired, actual.state());

    assertThat(findings).containsExactly(finding);
    assertThat(Plan.of(desired, findings).changes()).isEqualTo(changes);
  }

  private static Actual roleAsAskedFor() {
    Actual actual = rightRole();
    actual.path = "/eks/";
    actual.boundary = Optional.of(BOUNDARY);
    actual.tags = Map.of("Team", "platform", "other", "x");
    return actual;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("askedForDrifts")
  void whatIsAskedForIsComparedToo(
      String what, Consumer<Actual> drift, Finding finding, List<Change> changes) {
    Actual actual = roleAsAskedFor();
    drift.accept(actual);
    DesiredRole desired = fullyDesired();

    List<Finding> findings = Drift.between(TARGET, desired, actual.state());

    assertThat(findings).containsExactly(finding);
    assertThat(Plan.of(desired, findings).changes()).isEqualTo(changes);
  }

  @Test
  void aRoleOfAnAwsServiceIsNothingElse() {
    Actual actual = new Actual();
    actual.path = "/aws-service-role/x/";
    actual.policyArns = Set.of();

    assertThat(Drift.between(TARGET, fullyDesired(), actual.state()))
        .containsExactly(new RoleIsAwsOwn("/aws-service-role/x/"));
  }

  /** With a case for a finding, Drift lists its aspect: otherwise it would not be found. */
  @Test
  void everyFindingIsFoundInARole() {
    // These have tests of their own; the last is of no role.
    Set<Class<?>> found =
        new HashSet<>(
            Set.of(
                RoleMissing.class,
                RoleIsAwsOwn.class,
                Trust.NotANodeRole.class,
                KnownPartition.PartitionNotSupported.class,
                RoleSelection.NothingGuarded.class,
                // Found in clusters.
                AccessEntries.AccessEntryStale.class,
                AccessEntries.AccessEntryMissing.class,
                ClusterSelection.ClusterNotFound.class));
    Stream.of(drifts(), askedForDrifts(), extras())
        .flatMap(rows -> rows)
        .map(row -> Objects.requireNonNull(row.get()[2]).getClass())
        .forEach(found::add);

    assertThat(found).isEqualTo(Set.of(Finding.class.getPermittedSubclasses()));
  }

  static Stream<Arguments> rightRoles() {
    return Stream.of(
        // what makes no difference, how the role differs from the plain one
        arguments("nothing", role(role -> {})),
        arguments(
            "more policies", role(role -> role.policyArns = Set.of(WORKER, CNI, ECR, "arn:x"))),
        arguments("another path", role(role -> role.path = "/eks/")),
        arguments("a boundary", role(role -> role.boundary = Optional.of(BOUNDARY))),
        arguments("tags", role(role -> role.tags = Map.of("a", "b"))),
        arguments(
            "a profile of another name",
            role(role -> role.profiles = List.of(profile("Other", NAME)))),
        arguments(
            "a profile that one call shows and another does not yet",
            role(
                role -> {
                  role.profiles = List.of();
                  role.profileOfSameName = Optional.of(profile(NAME, NAME));
                })));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rightRoles")
  void whatTheRoleHasBeyondTheDesiredStateIsNoDrift(String what, Consumer<Actual> extra) {
    Actual actual = rightRole();
    extra.accept(actual);
    DesiredRole desired = desired();

    assertThat(Drift.between(TARGET, desired, actual.state())).isEmpty();
    assertThat(Plan.of(desired, List.of()).isEmpty()).isTrue();
  }

  @Test
  void aRoleAsRequiredIsCompliant() {
    assertThat(Drift.between(TARGET, fullyDesired(), roleAsAskedFor().state())).isEmpty();
  }

  @Test
  void aRoleThatIsMissingIsCreatedWhole() {
    DesiredRole desired = fullyDesired();

    List<Finding> findings = Drift.between(TARGET, desired, new Absent(OtherProfiles.NONE));

    assertThat(findings)
        .containsExactly(
            new RoleMissing(NAME),
            new ManagedPolicyNotAttached(WORKER, List.of()),
            new ManagedPolicyNotAttached(CNI, List.of()),
            new ManagedPolicyNotAttached(ECR, List.of(PULL_ONLY)),
            new InstanceProfileMissing(NAME, "/eks/", List.of()));
    assertThat(Plan.of(desired, findings).changes())
        .containsExactly(
            new CreateRole("/eks/", TRUST, Optional.of(BOUNDARY), Map.of("team", "platform")),
            new AttachManagedPolicy(WORKER),
            new AttachManagedPolicy(CNI),
            new AttachManagedPolicy(ECR),
            new CreateInstanceProfile(NAME, "/eks/"),
            new AddRoleToInstanceProfile(NAME));
  }

  @Test
  void whatAChangeNeedsComesBeforeIt() {
    DesiredRole desired = fullyDesired();
    List<Change> changes =
        Plan.of(desired, Drift.between(TARGET, desired, new Absent(OtherProfiles.NONE))).changes();

    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      assertThat(changes.subList(i, changes.size())).noneMatch(change::dependsOn);
    }
    assertThat(changes.getLast().dependsOn(changes.getFirst())).isTrue();
    assertThat(changes.getLast().dependsOn(changes.get(4))).isTrue();
    assertThat(changes.getLast().dependsOn(changes.get(1))).isFalse();
  }
}
