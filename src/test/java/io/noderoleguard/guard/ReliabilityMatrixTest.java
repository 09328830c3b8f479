package io.noderoleguard.guard;

import static io.noderoleguard.guard.GuardRig.EC2_TRUST;
import static io.noderoleguard.guard.GuardRig.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.local.iam.IamRole;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.ChangeResult.Outcome;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.EffectUse;
import io.noderoleguard.role.ExtraPolicyUse;
import io.noderoleguard.role.InstanceProfileUse;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every action that the guard calls, with everything that can go wrong with a call. */
@Execution(ExecutionMode.CONCURRENT)
final class ReliabilityMatrixTest {

  /** A role takes ten calls at most, side by side or not, and the time-out bounds each. */
  private static final int CALLS = 10;

  private static final String DEBUG =
      """
      {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}""";

  private static final Path TABLE = Path.of("target", "reliability-matrix.txt");
  private static final Collection<String> ROWS = new ConcurrentSkipListSet<>();

  private static final Set<String> READS =
      Set.of(
          "GetRole",
          "ListAttachedRolePolicies",
          "ListInstanceProfilesForRole",
          "ListRolePolicies",
          "GetRolePolicy",
          "SimulatePrincipalPolicy",
          "GetInstanceProfile",
          "ListInstanceProfiles");

  /** What an action makes, by the type of the change. */
  private static final Map<String, String> CHANGES =
      Map.of(
          "CreateRole", "CreateRole",
          "UpdateAssumeRolePolicy", "UpdateTrustPolicy",
          "AttachRolePolicy", "AttachManagedPolicy",
          "DetachRolePolicy", "DetachManagedPolicy",
          "DeleteRolePolicy", "DeleteInlinePolicy",
          "CreateInstanceProfile", "CreateInstanceProfile",
          "AddRoleToInstanceProfile", "AddRoleToInstanceProfile",
          "PutRolePermissionsBoundary", "PutPermissionsBoundary",
          "TagRole", "TagRole");

  @Test
  void everyChangeIsInTheMatrix() {
    assertThat(CHANGES.values())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Change.class.getPermittedSubclasses())
                // Those are in the matrix of EKS.
                .filter(kind -> kind != Change.OfAccessEntry.class)
                .map(Class::getSimpleName)
                .toList());
    assertThat(Stream.of(Scene.values()).flatMap(scene -> scene.actions().stream()))
        .containsAll(CHANGES.keySet());
  }

  /** What is there at first. */
  enum Scene {
    NO_ROLE,
    DRIFTED;

    /** The actions that it takes to put it right. */
    List<String> actions() {
      Stream<String> own =
          switch (this) {
            case NO_ROLE -> Stream.of("CreateRole");
            case DRIFTED ->
                Stream.of(
                    "UpdateAssumeRolePolicy",
                    "PutRolePermissionsBoundary",
                    "TagRole",
                    "DetachRolePolicy",
                    "DeleteRolePolicy");
          };
      Stream<String> both =
          Stream.of("AttachRolePolicy", "CreateInstanceProfile", "AddRoleToInstanceProfile");
      Stream<String> reads =
          READS.stream().filter(read -> this == DRIFTED || !read.equals("GetRolePolicy")).sorted();
      return Stream.of(reads, own, both).flatMap(each -> each).toList();
    }
  }

  record Case(Scene scene, String action, Trouble trouble, boolean lasting) {
    @Override
    public String toString() {
      return "%-8s %-28s %-35s %s"
          .formatted(
              scene, action, trouble, lasting ? "lasting" : trouble.occurrences() + " times");
    }

    boolean isRead() {
      return READS.contains(action);
    }

    private boolean isError(String cause) {
      return trouble.isError(cause);
    }

    /** To some calls the answer is what it is without any fault, or leads to the same. */
    boolean isHarmless() {
      boolean isNotThere =
          isError("NoSuchEntity")
              && (action.equals("GetInstanceProfile")
                  || (scene == Scene.NO_ROLE && isRead() && !lasting));
      // The profiles that it shows are only mentioned; what is not verified is said.
      boolean isOptional =
          action.equals("ListInstanceProfiles") || action.equals("SimulatePrincipalPolicy");
      return trouble.kind() == Trouble.Kind.HARMLESS || isNotThere || isOptional;
    }

    /** The write is carried out, and only its response is lost: a reading shows that. */
    private boolean isDoneUnseen() {
      return !isRead()
          && (trouble.fault() instanceof Fault.AfterwardsInstead
              || trouble.fault() instanceof Fault.Slow
              || trouble.fault() instanceof Fault.TruncatedXml);
    }

    /** The guard reads again, since someone may have overtaken it. */
    boolean isReadAgain() {
      return (isError("NoSuchEntity") && (isRead() || isNewlyNeeded()))
          || (isError("LimitExceeded") && action.equals("AddRoleToInstanceProfile"));
    }

    /** What was created a moment ago may not be visible everywhere. */
    private boolean isNewlyNeeded() {
      return action.equals("AddRoleToInstanceProfile")
          || (scene == Scene.NO_ROLE && !isRead() && !action.equals("CreateRole"))
          // They depend on what was attached.
          || List.of("DetachRolePolicy", "DeleteRolePolicy").contains(action);
    }

    /** The second try is told that it has been done already, and the guard looks for itself. */
    private boolean isFoundDone() {
      return trouble.fault() instanceof Fault.AfterwardsInstead
          && List.of(
                  "GetInstanceProfile",
                  "CreateRole",
                  "CreateInstanceProfile",
                  "AddRoleToInstanceProfile")
              .contains(action);
    }

    /** What is detached makes room for what is attached. */
    private boolean isMadeRoomFor() {
      return scene == Scene.DRIFTED
          && action.equals("AttachRolePolicy")
          && isError("LimitExceeded");
    }

    boolean isRiddenOut() {
      return isHarmless()
          || isFoundDone()
          || isDoneUnseen()
          || (!lasting
              && (trouble.kind() == Trouble.Kind.PASSES || isReadAgain() || isMadeRoomFor()));
    }
  }

  static Stream<Case> cases() {
    return Arrays.stream(Scene.values())
        .flatMap(
            scene ->
                scene.actions().stream()
                    .flatMap(
                        action ->
                            Trouble.all().stream()
                                .flatMap(
                                    trouble ->
                                        Stream.of(
                                            new Case(scene, action, trouble, false),
                                            new Case(scene, action, trouble, true)))));
  }

  private static Requirements requirements(IamAccount account) {
    return new Requirements(
        Optional.empty(),
        Requirements.DEFAULT_POLICIES,
        Optional.empty(),
        InstanceProfileUse.ENSURE,
        Optional.of(account.awsPolicyArn("PowerUserAccess")),
        Map.of("team", "nodes"),
        ExtraPolicyUse.REMOVE,
        List.of("AmazonSSM*"),
        EffectUse.VERIFY);
  }

  private static void arrange(Scene scene, IamAccount account) {
    if (scene == Scene.DRIFTED) {
      account.createRole(NAME, EC2_TRUST.replace("\"Service\"", "\"AWS\":\"*\",\"Service\""));
      account.attachRolePolicy(NAME, account.awsPolicyArn("AmazonEKSWorkerNodePolicy"));
      account.attachRolePolicy(NAME, account.awsPolicyArn("AmazonSSMManagedInstanceCore"));
      account.attachRolePolicy(NAME, account.awsPolicyArn("ReadOnlyAccess"));
      account.putRolePolicy(NAME, "Debug", DEBUG);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void nothingThatIamDoesMakesTheGuardLieHangOrLeaveARoleWorse(Case now) {
    try (GuardRig rig = new GuardRig("aws", Trouble.PATIENCE, now.trouble.limits())) {
      IamAccount account = rig.iam.account();
      arrange(now.scene, account);
      if (now.lasting) {
        rig.iam.faults().always(now.action, now.trouble.fault());
      } else {
        rig.iam.faults().first(now.trouble.occurrences(), now.action, now.trouble.fault());
      }
      long start = System.nanoTime();

      RoleReport report =
          rig.run(
              Target.named(NAME),
              requirements(account),
              Mode.REPAIR,
              now.trouble.time(now.lasting));

      Duration took = Duration.ofNanos(System.nanoTime() - start);
      ROWS.add(
          "%s  %-9s %3d calls %6d ms"
              .formatted(now, report.status(), rig.iam.calls().size(), took.toMillis()));
      List<String> wrong = wrong(account);
      assertThat(took).isLessThan(now.trouble.limits().call().multipliedBy(CALLS));
      assertThat(report.status())
          .as("%s; %s", wrong, report.explanation())
          .isEqualTo(now.isRiddenOut() ? Status.REPAIRED : Status.FAILED);
      if (report.status() == Status.REPAIRED) {
        assertThat(wrong).isEmpty();
      } else {
        checkFailure(now, report, rig);
      }

      rig.iam.faults().clear();
      RoleReport next = rig.run(requirements(account), Mode.REPAIR);
      assertThat(next.status()).isIn(Status.REPAIRED, Status.COMPLIANT);
      assertThat(wrong(account)).isEmpty();
      assertThat(rig.run(requirements(account), Mode.REPAIR).status()).isEqualTo(Status.COMPLIANT);
      assertThat(rig.writes()).isEmpty();
      if (now.scene == Scene.DRIFTED) {
        assertThat(account.getRole(NAME).attachedPolicyArns())
            .contains(account.awsPolicyArn("AmazonSSMManagedInstanceCore"));
      }
    }
  }

  private static void checkFailure(Case now, RoleReport report, GuardRig rig) {
    if (now.isRead() && now.isError("NoSuchEntity") && now.action.equals("GetRole")) {
      // The role is created, or is there already, and yet it is never seen.
      assertThat(report.explanation())
          .contains(NAME)
          .contains(now.scene == Scene.NO_ROLE ? "does not exist" : "iam:CreateRole");
      return;
    }
    assertThat(report.explanation()).contains("iam:" + now.action, NAME);
    assertThat(now.trouble.causes()).anyMatch(report.explanation()::contains);
    if (now.trouble.fault() instanceof Fault.Denied) {
      assertThat(report.explanation())
          .containsPattern(
              "perform: iam:%s on resource: (role|instance profile) ".formatted(now.action));
    }
    if (now.isRead()) {
      if (report.changes().isEmpty()) {
        assertThat(rig.writes()).isEmpty();
      }
      return;
    }
    String failing = CHANGES.getOrDefault(now.action, "");
    boolean createsRole = failing.equals("CreateRole");
    // Nothing is taken from a role that lacks something; but what is full must be emptied first.
    boolean attaches = failing.equals("AttachManagedPolicy") && !now.isError("LimitExceeded");
    boolean createsProfile = failing.equals("CreateInstanceProfile");
    for (ChangeResult result : report.changes()) {
      String type = result.change().type();
      boolean needs =
          createsRole
              || (createsProfile && type.equals("AddRoleToInstanceProfile"))
              || (attaches && List.of("DetachManagedPolicy", "DeleteInlinePolicy").contains(type));
      if (type.equals(failing)) {
        if (now.lasting) {
          assertThat(result.outcome()).as(type).isEqualTo(Outcome.FAILED);
        }
      } else if (needs) {
        assertThat(result.outcome()).as(type).isEqualTo(Outcome.SKIPPED);
        assertThat(result.reason()).contains("it needs %s, which failed".formatted(failing));
      } else if (!now.trouble.isThrottling()) {
        // What is throttled takes all the time that there is.
        assertThat(result.outcome()).as(type).isEqualTo(Outcome.APPLIED);
      }
    }
  }

  /**
   * What is wrong with the role, asked of the account itself and found without the guard's help.
   */
  private static List<String> wrong(IamAccount account) {
    Optional<IamRole> found = account.role(NAME);
    if (found.isEmpty()) {
      return List.of("no role");
    }
    IamRole role = found.get();
    List<String> wrong = new ArrayList<>();
    if (!json(role.trustPolicy().replace("[\"ec2.amazonaws.com\"]", "\"ec2.amazonaws.com\""))
        .equals(json(EC2_TRUST))) {
      wrong.add("trust policy");
    }
    if (!role.attachedPolicyArns()
        .containsAll(
            Requirements.DEFAULT_POLICIES.stream()
                .map(policy -> policy.split("\\|", -1)[0])
                .map(account::awsPolicyArn)
                .toList())) {
      wrong.add("policies");
    }
    if (role.attachedPolicyArns().contains(account.awsPolicyArn("ReadOnlyAccess"))
        || !role.inlinePolicies().isEmpty()) {
      wrong.add("other policies");
    }
    if (account.instanceProfilesOf(NAME).isEmpty()) {
      wrong.add("instance profile");
    }
    if (!role.permissionsBoundary().equals(requirements(account).permissionsBoundary())) {
      wrong.add("boundary");
    }
    if (!"nodes".equals(role.tags().get("team"))) {
      wrong.add("tags");
    }
    return wrong;
  }

  private static Object json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void printTable() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "scene    action                       fault                               passes    outcome   cost");
    lines.addAll(ROWS);
    lines.add(
        "%d cases: %d actions, %d faults"
            .formatted(ROWS.size(), READS.size() + CHANGES.size(), Trouble.all().size()));
    Files.write(TABLE, lines);
    lines.forEach(System.out::println);
  }
}
