package io.noderoleguard.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The types, details and sentences that people read and scripts rely on. */
final class WordsTest {

  static Stream<Arguments> findings() {
    return Stream.of(
        // finding, type, details, a part of the message
        arguments(
            new Existence.RoleMissing("r"),
            "RoleMissing",
            Map.of(),
            "The role r does not exist. A recreated role keeps its ARN"),
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
            new Trust.TrustPolicyDiffers(List.of("also trusts x", "does not trust y")),
            "TrustPolicyDiffers",
            Map.of(),
            "The trust policy also trusts x; does not trust y."),
        arguments(
            new Policies.ManagedPolicyNotAttached("arn:p"),
            "ManagedPolicyNotAttached",
            Map.of("policyArn", "arn:p"),
            "The managed policy arn:p is not attached."),
        arguments(
            new Profiles.InstanceProfileMissing("p", "/"),
            "InstanceProfileMissing",
            Map.of("instanceProfileName", "p"),
            "No instance profile holds the role."),
        arguments(
            new Profiles.InstanceProfileEmpty("p"),
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

  static Stream<Arguments> numbersOfDifferences() {
    return Stream.of(
        // differences, end of the message
        arguments(10, "; x."), arguments(11, "; x; and 1 more."), arguments(99, "; and 89 more."));
  }

  @ParameterizedTest
  @MethodSource("numbersOfDifferences")
  void tenDifferencesOfATrustPolicyAreListedAndTheOthersCounted(int differences, String end) {
    Finding finding = new Trust.TrustPolicyDiffers(Collections.nCopies(differences, "x"));

    assertThat(finding.message()).endsWith(end).contains("x; ".repeat(9) + "x");
    assertThat(finding.message().split("x", -1)).hasSize(11);
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
            "Set the tags a, b."));
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
        .containsExactlyInAnyOrder(Change.class.getPermittedSubclasses());
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
