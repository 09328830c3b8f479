package io.noderoleguard.guard;

import static io.noderoleguard.guard.GuardRig.EC2_TRUST;
import static io.noderoleguard.guard.GuardRig.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noderoleguard.guard.ChangeResult.Outcome;
import io.noderoleguard.iam.CallLimits;
import io.noderoleguard.local.Fault;
import io.noderoleguard.local.IamAccount;
import io.noderoleguard.local.IamError;
import io.noderoleguard.local.IamRole;
import io.noderoleguard.role.NodeRoleSpec;
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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every action that the guard calls, with everything that can go wrong with a call. */
@Execution(ExecutionMode.CONCURRENT)
final class ReliabilityMatrixTest {

  /** The function's own, but for the pauses: nobody's machine is too slow for them. */
  private static final CallLimits LIMITS =
      limits(CallLimits.DEFAULT.attempt(), CallLimits.DEFAULT.call());

  /** Where time-outs themselves are tried, and the test has to wait for them. */
  private static final CallLimits SHORT_LIMITS =
      limits(Duration.ofMillis(1500), Duration.ofMillis(5500));

  private static CallLimits limits(Duration attempt, Duration call) {
    return new CallLimits(
        CallLimits.DEFAULT.connect(),
        attempt,
        call,
        CallLimits.DEFAULT.attempts(),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(50));
  }

  private static final Patience PATIENCE =
      new Patience(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofMillis(500));

  /** A role takes nine calls at most, side by side or not, and the time-out bounds each. */
  private static final int CALLS = 9;

  private static final Path TABLE = Path.of("target", "reliability-matrix.txt");
  private static final Collection<String> ROWS = new ConcurrentSkipListSet<>();

  private static final Set<String> READS =
      Set.of(
          "GetRole",
          "ListAttachedRolePolicies",
          "ListInstanceProfilesForRole",
          "GetInstanceProfile");

  /** What an action makes, by the type of the change. */
  private static final Map<String, String> CHANGES =
      Map.of(
          "CreateRole", "CreateRole",
          "UpdateAssumeRolePolicy", "UpdateTrustPolicy",
          "AttachRolePolicy", "AttachManagedPolicy",
          "CreateInstanceProfile", "CreateInstanceProfile",
          "AddRoleToInstanceProfile", "AddRoleToInstanceProfile",
          "PutRolePermissionsBoundary", "PutPermissionsBoundary",
          "TagRole", "TagRole");

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
                Stream.of("UpdateAssumeRolePolicy", "PutRolePermissionsBoundary", "TagRole");
          };
      Stream<String> both =
          Stream.of("AttachRolePolicy", "CreateInstanceProfile", "AddRoleToInstanceProfile");
      return Stream.of(READS.stream().sorted(), own, both).flatMap(each -> each).toList();
    }
  }

  /** Whether a fault that passes is ridden out. */
  enum Kind {
    /** It is: the call is made again. */
    PASSES,
    /** It is not: IAM means what it says. It is told, and the next run is another chance. */
    TOLD,
    /** It is no fault at all, if the client waits long enough. */
    HARMLESS
  }

  /**
   * @param cause what is to be told of it
   */
  record Trouble(String name, Kind kind, Fault fault, String cause) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Trouble refused(Kind kind, IamError error) {
    return new Trouble(error.code(), kind, Fault.refused(error), error.code());
  }

  private static List<Trouble> troubles() {
    return List.of(
        refused(Kind.PASSES, IamError.throttling()),
        refused(Kind.PASSES, IamError.serviceFailure()),
        refused(Kind.PASSES, IamError.serviceUnavailable()),
        refused(Kind.PASSES, IamError.concurrentModification()),
        new Trouble("connection reset", Kind.PASSES, new Fault.ConnectionReset(), "Exception"),
        new Trouble("answer lost", Kind.PASSES, Fault.answerLost(), "Exception"),
        new Trouble(
            "503 after the call was carried out",
            Kind.PASSES,
            new Fault.AfterwardsInstead(Fault.refused(IamError.serviceUnavailable())),
            "ServiceUnavailable"),
        new Trouble("no answer", Kind.PASSES, new Fault.NoAnswer(), "no answer in time"),
        new Trouble(
            "too slow",
            Kind.PASSES,
            Fault.slow(SHORT_LIMITS.attempt().plusMillis(300)),
            "no answer in time"),
        new Trouble("slow", Kind.HARMLESS, Fault.slow(Duration.ofMillis(50)), ""),
        new Trouble("truncated XML", Kind.PASSES, new Fault.TruncatedXml(), "XMLStreamException"),
        new Trouble("an HTML page", Kind.PASSES, new Fault.HtmlPage(), "no element RequestId"),
        new Trouble(
            "an empty answer", Kind.PASSES, new Fault.EmptyAnswer(), "no element RequestId"),
        new Trouble("AccessDenied", Kind.TOLD, new Fault.Denied(), "is not authorized to perform"),
        refused(Kind.TOLD, IamError.limitExceeded("SomethingPerRole", 10)),
        refused(Kind.TOLD, IamError.unmodifiableEntity(NAME)),
        refused(Kind.TOLD, IamError.malformedPolicyDocument("This policy contains invalid Json")),
        refused(Kind.TOLD, IamError.noSuchEntity("It cannot be found.")));
  }

  record Case(Scene scene, String action, Trouble trouble, boolean lasting) {
    @Override
    public String toString() {
      return "%-8s %-28s %-35s %s".formatted(scene, action, trouble, lasting ? "lasting" : "twice");
    }

    boolean isRead() {
      return READS.contains(action);
    }

    private boolean isError(String cause) {
      return trouble.cause.equals(cause);
    }

    /** To some calls the answer is what it is without any fault, or leads to the same. */
    boolean isHarmless() {
      boolean isNotThere =
          isError("NoSuchEntity")
              && (action.equals("GetInstanceProfile")
                  || (scene == Scene.NO_ROLE && isRead() && !lasting));
      return trouble.kind == Kind.HARMLESS || isNotThere;
    }

    /** The guard reads again, since someone may have overtaken it. */
    boolean isReadAgain() {
      return (isError("NoSuchEntity") && (isRead() || isNewlyNeeded()))
          || (isError("LimitExceeded") && action.equals("AddRoleToInstanceProfile"));
    }

    /** What was created a moment ago may not be visible everywhere. */
    private boolean isNewlyNeeded() {
      return action.equals("AddRoleToInstanceProfile")
          || (scene == Scene.NO_ROLE && !isRead() && !action.equals("CreateRole"));
    }

    /** The second try is told that it has been done already, and the guard looks for itself. */
    private boolean isFoundDone() {
      return trouble.fault instanceof Fault.AfterwardsInstead
          && List.of(
                  "GetInstanceProfile",
                  "CreateRole",
                  "CreateInstanceProfile",
                  "AddRoleToInstanceProfile")
              .contains(action);
    }

    /** An error that is cut short has lost its code, and is no XML. */
    List<String> causes() {
      return trouble.fault instanceof Fault.TruncatedXml
          ? List.of(trouble.cause, "without an error code")
          : List.of(trouble.cause);
    }

    CallLimits limits() {
      return isError("no answer in time") ? SHORT_LIMITS : LIMITS;
    }

    boolean isRiddenOut() {
      return isHarmless()
          || isFoundDone()
          || (!lasting && (trouble.kind == Kind.PASSES || isReadAgain()));
    }
  }

  static Stream<Case> cases() {
    return Arrays.stream(Scene.values())
        .flatMap(
            scene ->
                scene.actions().stream()
                    .flatMap(
                        action ->
                            troubles().stream()
                                .flatMap(
                                    trouble ->
                                        Stream.of(
                                            new Case(scene, action, trouble, false),
                                            new Case(scene, action, trouble, true)))));
  }

  private static NodeRoleSpec spec(IamAccount account) {
    return new NodeRoleSpec(
        NAME,
        Optional.empty(),
        NodeRoleSpec.DEFAULT_POLICIES,
        Optional.of(account.awsPolicyArn("PowerUserAccess")),
        Map.of("team", "nodes"));
  }

  private static void arrange(Scene scene, IamAccount account) {
    if (scene == Scene.DRIFTED) {
      account.createRole(NAME, EC2_TRUST.replace("\"Service\"", "\"AWS\":\"*\",\"Service\""));
      account.attachRolePolicy(NAME, account.awsPolicyArn("AmazonEKSWorkerNodePolicy"));
      account.attachRolePolicy(NAME, account.awsPolicyArn("AmazonSSMManagedInstanceCore"));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void nothingThatIamDoesMakesTheGuardLieHangOrLeaveARoleWorse(Case now) {
    try (GuardRig rig = new GuardRig("aws", PATIENCE, now.limits())) {
      IamAccount account = rig.iam.account();
      arrange(now.scene, account);
      if (now.lasting) {
        rig.iam.faults().always(now.action, now.trouble.fault);
      } else {
        rig.iam.faults().first(2, now.action, now.trouble.fault);
      }
      long start = System.nanoTime();

      RoleReport report = rig.run(spec(account), Mode.REPAIR);

      Duration took = Duration.ofNanos(System.nanoTime() - start);
      ROWS.add(
          "%s  %-9s %3d calls %6d ms"
              .formatted(now, report.status(), rig.iam.calls().size(), took.toMillis()));
      List<String> wrong = wrong(account);
      assertThat(took).isLessThan(now.limits().call().multipliedBy(CALLS));
      assertThat(report.status())
          .as("%s; %s", wrong, report.explanation())
          .isEqualTo(now.isRiddenOut() ? Status.REPAIRED : Status.FAILED);
      if (report.status() == Status.REPAIRED) {
        assertThat(wrong).isEmpty();
      } else {
        checkFailure(now, report, rig);
      }

      rig.iam.faults().clear();
      RoleReport next = rig.run(spec(account), Mode.REPAIR);
      assertThat(next.status()).isIn(Status.REPAIRED, Status.COMPLIANT);
      assertThat(wrong(account)).isEmpty();
      assertThat(rig.run(spec(account), Mode.REPAIR).status()).isEqualTo(Status.COMPLIANT);
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
          .contains(now.scene == Scene.NO_ROLE ? "There is no role" : "iam:CreateRole");
      return;
    }
    assertThat(report.explanation()).contains("iam:" + now.action, NAME);
    assertThat(now.causes()).anyMatch(report.explanation()::contains);
    if (now.trouble.fault instanceof Fault.Denied) {
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
    boolean createsProfile = failing.equals("CreateInstanceProfile");
    for (ChangeResult result : report.changes()) {
      String type = result.change().type();
      boolean needs = createsRole || (createsProfile && type.equals("AddRoleToInstanceProfile"));
      if (type.equals(failing)) {
        if (now.lasting) {
          assertThat(result.outcome()).as(type).isEqualTo(Outcome.FAILED);
        }
      } else if (needs) {
        assertThat(result.outcome()).as(type).isEqualTo(Outcome.SKIPPED);
        assertThat(result.reason()).contains("it needs %s, which failed".formatted(failing));
      } else {
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
        .containsAll(NodeRoleSpec.DEFAULT_POLICIES.stream().map(account::awsPolicyArn).toList())) {
      wrong.add("policies");
    }
    if (account.instanceProfilesOf(NAME).isEmpty()) {
      wrong.add("instance profile");
    }
    if (!role.permissionsBoundary().equals(spec(account).permissionsBoundary())) {
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
            .formatted(ROWS.size(), READS.size() + CHANGES.size(), troubles().size()));
    Files.write(TABLE, lines);
    lines.forEach(System.out::println);
  }
}
