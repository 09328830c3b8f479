package io.noderoleguard.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.aws.CallLimits;
import io.noderoleguard.guard.GuardRig.Way;
import io.noderoleguard.iam.IamClients;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.local.RoleSnapshot;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.LocalClients;
import io.noderoleguard.local.iam.MotoServer;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.rig.Guards;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.Target;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;

/**
 * From whatever state: one repair makes the role right, a second writes nothing, and nothing is
 * gone that was not the guard's. Whether a role is right is asked of IAM itself.
 */
final class RandomRoleTest {

  private static final long SEED = Long.getLong("seed", 20260101);
  private static final int STATES = 200;

  /** What a trust policy may say besides. */
  private static final String OWN_ACCOUNT =
      " if {\"stringequals\":{\"aws:sourceaccount\":\"123456789012\"}}";

  private static final String TAGS_SESSIONS = ", sts:tagsession";

  private static final int STATES_ON_MOTO = 12;

  @ParameterizedTest
  @EnumSource
  void oneRepairMakesAnyRoleCompliantAndASecondWritesNothing(Way way) {
    Map<Status, Integer> outcomes = new EnumMap<>(Status.class);
    try (EmbeddedIam embedded = EmbeddedIam.start();
        IamClient iam = plain(embedded.endpoint());
        IamClient guards = client(embedded.endpoint())) {
      for (long seed = SEED; seed < SEED + STATES; seed++) {
        Case random = new Case(way, seed, true, iam, guards);
        embedded.forgetCalls();
        RoleReport report = random.repair();
        assertThat(embedded.writes()).as(random.name).hasSameSizeAs(report.changes());
        outcomes.merge(report.status(), 1, Integer::sum);

        embedded.forgetCalls();
        random.repairAgain(report);
        assertThat(embedded.writes()).as(random.name).isEmpty();
      }
    }
    System.out.printf("%d states from seed %d on: %s%n", STATES, SEED, outcomes);
    assertThat(outcomes).containsOnlyKeys(Status.COMPLIANT, Status.REPAIRED, Status.DRIFTED);
  }

  @Test
  void soItDoesOnAStrangersIam() throws Exception {
    try (MotoServer moto = MotoServer.startOrSkip("no role made by chance is repaired on moto");
        IamClient iam = plain(moto.endpoint());
        IamClient guards = client(moto.endpoint())) {
      for (long seed = SEED; seed < SEED + STATES_ON_MOTO; seed++) {
        Case random = new Case(Way.BY_NAME, seed, false, iam, guards);
        random.repairAgain(random.repair());
      }
    }
  }

  private static IamClient client(URI endpoint) {
    // A busy moto may take longer than IAM ever does, and what is created must be sent once.
    CallLimits patient =
        new CallLimits(
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            4,
            Duration.ofMillis(100),
            Duration.ofSeconds(5));
    return LocalClients.pointed(IamClients.builder(patient), endpoint).build();
  }

  /** The tests' own client, to arrange roles and to look at them: with all calls that IAM has. */
  private static IamClient plain(URI endpoint) {
    return LocalClients.pointed(IamClient.builder(), endpoint).build();
  }

  /** One role, before and after. */
  private static final class Case {
    private final Way way;
    private final String name;
    private final IamClient iam;
    private final String roleName;
    private final Requirements requirements;
    private final NodeRoleGuard guard;
    private final Optional<Seen> before;
    private final Optional<Seen> bystander;
    private final Optional<String> profileOfSameNamesRole;

    Case(Way way, long seed, boolean tagKeysInAnyCase, IamClient iam, IamClient guards) {
      RandomRole role = new RandomRole(seed, tagKeysInAnyCase);
      this.way = way;
      this.name = "seed %d, %s".formatted(seed, way);
      this.iam = iam;
      this.roleName = role.name();
      this.requirements = role.requirements();
      this.guard =
          new NodeRoleGuard(
              new IamGateway(guards, Guards.QUICK_PACE),
              new Patience(Duration.ofMillis(5), Duration.ofMillis(200), Duration.ofSeconds(20)));
      role.arrange(iam);
      this.before = Seen.of(iam, roleName);
      this.bystander = bystander();
      this.profileOfSameNamesRole = profileOfSameNamesRole();
    }

    private Optional<Seen> bystander() {
      return Seen.of(iam, RandomRole.BYSTANDER + roleName);
    }

    private Optional<String> profileOfSameNamesRole() {
      try {
        return iam
            .getInstanceProfile(get -> get.instanceProfileName(roleName))
            .instanceProfile()
            .roles()
            .stream()
            .map(held -> held.roleName())
            .findFirst();
      } catch (NoSuchEntityException none) {
        return Optional.empty();
      }
    }

    private RoleReport run() {
      return GuardRig.check(
          guard,
          way,
          Target.named(roleName),
          requirements,
          new Run(Mode.REPAIR, Guards.HOME, Budget.of(Duration.ofSeconds(30)), new Cause.Asked()));
    }

    RoleReport repair() {
      RoleReport report = run();

      Seen after = Seen.of(iam, roleName).orElseThrow();
      assertThat(report.status()).as("%s: %s", name, report.explanation()).isEqualTo(expected());
      if (isUnderAnotherPath()) {
        assertThat(report.changes()).as(name).isEmpty();
        assertThat(after).as(name).isEqualTo(before.orElseThrow());
        return report;
      }
      assertThat(after.wrongAsTo(requirements)).as(name).isEmpty();
      assertThat(after.snapshot.instanceProfiles().isEmpty())
          .as("%s: no profile holds the role", name)
          .isEqualTo(profileIsAnothers());
      before.ifPresent(
          old ->
              assertThat(after.kept(requirements, old))
                  .as(name)
                  .isEqualTo(old.kept(requirements, old)));
      assertThat(bystander()).as(name).isEqualTo(bystander);
      return report;
    }

    void repairAgain(RoleReport first) {
      Optional<Seen> right = Seen.of(iam, roleName);

      RoleReport second = run();

      assertThat(second.changes()).as(name).isEmpty();
      assertThat(second.status())
          .as(name)
          .isEqualTo(first.status() == Status.DRIFTED ? Status.DRIFTED : Status.COMPLIANT);
      assertThat(Seen.of(iam, roleName)).as(name).isEqualTo(right);
    }

    private boolean profileIsAnothers() {
      return before.map(role -> role.snapshot.instanceProfiles().isEmpty()).orElse(true)
          && profileOfSameNamesRole.filter(holder -> !holder.equals(roleName)).isPresent();
    }

    /** Then it is not the guard's. */
    private boolean isUnderAnotherPath() {
      return requirements.path().isPresent()
          && before.filter(role -> !role.path.equals(requirements.path().get())).isPresent();
    }

    private Status expected() {
      if (isUnderAnotherPath() || profileIsAnothers()) {
        return Status.DRIFTED;
      }
      return before.filter(role -> role.wrongAsTo(requirements).isEmpty()).isPresent()
              && !before.get().snapshot.instanceProfiles().isEmpty()
          ? Status.COMPLIANT
          : Status.REPAIRED;
    }
  }

  /** All of a role, as IAM tells it. */
  private record Seen(
      RoleSnapshot snapshot,
      String id,
      String path,
      Optional<String> description,
      int maxSessionDuration,
      Map<String, String> inline) {

    static Optional<Seen> of(IamClient iam, String roleName) {
      return RoleSnapshot.read(iam, roleName)
          .map(
              snapshot -> {
                var role = iam.getRole(get -> get.roleName(roleName)).role();
                Map<String, String> inline = new TreeMap<>();
                for (String policy : snapshot.inline()) {
                  inline.put(
                      policy,
                      iam.getRolePolicy(get -> get.roleName(roleName).policyName(policy))
                          .policyDocument());
                }
                return new Seen(
                    snapshot,
                    role.roleId(),
                    role.path(),
                    Optional.ofNullable(role.description()),
                    role.maxSessionDuration(),
                    inline);
              });
    }

    private static String key(String tag) {
      return tag.toLowerCase(Locale.ROOT);
    }

    private Map<String, String> tags() {
      Map<String, String> tags = new TreeMap<>();
      snapshot.tags().forEach((key, value) -> tags.put(key(key), value));
      return tags;
    }

    /** What is not as it was asked for, but for the path and the profile. */
    String wrongAsTo(Requirements requirements) {
      StringBuilder wrong = new StringBuilder();
      Set<String> trust =
          snapshot.trust().stream()
              .map(line -> line.replace(" if {}", "").toLowerCase(Locale.ROOT))
              .map(line -> line.replace(OWN_ACCOUNT, "").replace(TAGS_SESSIONS, ""))
              .collect(Collectors.toSet());
      if (!trust.equals(Set.of("allow service ec2.amazonaws.com: sts:assumerole"))) {
        wrong.append(trust);
      }
      List<String> required = RandomRole.requiredArns(requirements);
      if (!snapshot.attached().containsAll(required)) {
        wrong.append(snapshot.attached());
      }
      if (requirements.permissionsBoundary().isPresent()
          && !snapshot.boundary().equals(requirements.permissionsBoundary())) {
        wrong.append(snapshot.boundary());
      }
      if (!tags().entrySet().containsAll(requirements.tags().entrySet())) {
        wrong.append(snapshot.tags());
      }
      return wrong.toString();
    }

    /** What was there before and is not the guard's. */
    Seen kept(Requirements requirements, Seen before) {
      Map<String, String> tags = tags();
      tags.keySet().removeAll(requirements.tags().keySet());
      return new Seen(
          new RoleSnapshot(
              snapshot.arn(),
              List.of(),
              snapshot.attached().stream().filter(before.snapshot.attached()::contains).toList(),
              snapshot.inline(),
              snapshot.instanceProfiles().stream()
                  .filter(before.snapshot.instanceProfiles()::contains)
                  .toList(),
              requirements.permissionsBoundary().isPresent()
                  ? Optional.empty()
                  : snapshot.boundary(),
              tags),
          id,
          path,
          description,
          maxSessionDuration,
          inline);
    }
  }
}
