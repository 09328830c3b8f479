package io.noderoleguard.guard;

import static io.noderoleguard.guard.GuardRig.EC2_TRUST;
import static io.noderoleguard.guard.GuardRig.NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.noderoleguard.local.iam.Call;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.Faults;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.Requirements;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reading of the whole account, each of its pages with everything that can go wrong with a
 * call.
 */
@Execution(ExecutionMode.CONCURRENT)
final class AccountReadingMatrixTest {

  private static final String ACTION = "GetAccountAuthorizationDetails";
  private static final String PATTERN = "*-node";
  private static final String RIGHT_ON_PAGE_1 = "a-node";
  private static final String DRIFTED_ON_PAGE_2 = "z-node";
  private static final int ROLES_A_PAGE = 200;

  /** More than a run makes one after another here, and the time-out bounds each. */
  private static final int CALLS = 12;

  record Case(int page, Trouble trouble, boolean lasting) {

    /** The reading after the changes: where it fails, the role is read by its name. */
    boolean isConfirmation() {
      return page > 2;
    }

    boolean isRiddenOut() {
      return isConfirmation()
          || trouble.kind() == Trouble.Kind.HARMLESS
          || (trouble.kind() == Trouble.Kind.PASSES && !lasting);
    }

    /** As often as it occurs or, lasting, at each attempt; the pages before it are read well. */
    void arrange(Faults faults) {
      int attempts = trouble.isThrottling() ? 10_000 : trouble.limits().attempts();
      int calls = lasting ? attempts : trouble.occurrences();
      for (int call = page; call < page + calls; call++) {
        faults.at(call, ACTION, trouble.fault());
      }
    }

    @Override
    public String toString() {
      return "page %d, %s, %s".formatted(page, trouble, lasting ? "lasting" : "passing");
    }
  }

  static Stream<Case> cases() {
    return Trouble.all().stream()
        .flatMap(
            trouble ->
                IntStream.rangeClosed(1, 4)
                    .boxed()
                    .flatMap(
                        page ->
                            Stream.of(
                                new Case(page, trouble, false), new Case(page, trouble, true))));
  }

  private static void arrange(IamAccount account) {
    for (String name : List.of(RIGHT_ON_PAGE_1, DRIFTED_ON_PAGE_2)) {
      RightRole.addTo(account, name);
    }
    account.detachRolePolicy(DRIFTED_ON_PAGE_2, account.awsPolicyArn("AmazonEKS_CNI_Policy"));
    for (int i = 0; i < ROLES_A_PAGE; i++) {
      account.createRole("other" + i, EC2_TRUST);
    }
  }

  private static Report run(GuardRig rig) {
    return run(rig, Duration.ofSeconds(60));
  }

  private static Report run(GuardRig rig, Duration time) {
    return rig.runAll(Requirements.DEFAULT, Mode.REPAIR, time, PATTERN, NAME);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void noFaultWhileReadingTheAccountMakesTheGuardLieOrHang(Case now) {
    try (GuardRig rig = new GuardRig("aws", Trouble.PATIENCE, now.trouble.limits())) {
      IamAccount account = rig.iam.account();
      arrange(account);
      now.arrange(rig.iam.faults());
      long start = System.nanoTime();

      Report report = run(rig, now.trouble.time(now.lasting));

      Duration took = Duration.ofNanos(System.nanoTime() - start);
      System.out.printf("%s: %s, %d ms%n", now, report.status(), took.toMillis());
      assertThat(took).isLessThan(now.trouble.limits().call().multipliedBy(CALLS));
      if (now.isRiddenOut()) {
        assertThat(report.counts())
            .as(report.summary())
            .containsOnly(entry(Status.COMPLIANT, 1), entry(Status.REPAIRED, 2));
        checkAllIsRight(account);
        rig.iam.faults().clear();
      } else {
        checkFailure(now, report, rig);
        rig.iam.faults().clear();
        assertThat(run(rig).count(Status.REPAIRED)).isEqualTo(2);
        checkAllIsRight(account);
      }
      assertThat(run(rig).counts()).containsOnly(entry(Status.COMPLIANT, 3));
      assertThat(rig.writes()).isEmpty();
    }
  }

  private static void checkFailure(Case now, Report report, GuardRig rig) {
    // What was read before is told as it is; of what was not read, nothing good is.
    assertThat(report.count(Status.COMPLIANT)).isEqualTo(now.page - 1);
    List<RoleReport> failed =
        report.roles().stream().filter(role -> role.status() == Status.FAILED).toList();
    assertThat(failed).extracting(RoleReport::roleName).containsExactlyInAnyOrder(PATTERN, NAME);
    for (RoleReport role : failed) {
      assertThat(role.explanation()).contains("iam:" + ACTION + " for the account's roles failed");
      assertThat(now.trouble.causes()).anyMatch(role.explanation()::contains);
      if (now.trouble.fault() instanceof Fault.Denied) {
        assertThat(role.explanation())
            .contains("perform: iam:%s on resource: arn:aws:iam::".formatted(ACTION));
      }
    }
    assertThat(rig.iam.calls()).extracting(Call::action).containsOnly(ACTION);
  }

  /** Asked of the account itself, without the guard's help. */
  private static void checkAllIsRight(IamAccount account) {
    for (String name : List.of(RIGHT_ON_PAGE_1, DRIFTED_ON_PAGE_2, NAME)) {
      assertThat(account.getRole(name).attachedPolicyArns())
          .containsExactlyInAnyOrderElementsOf(
              Requirements.DEFAULT_POLICIES.stream()
                  .map(policy -> policy.split("\\|", -1)[0])
                  .map(account::awsPolicyArn)
                  .toList());
      assertThat(account.instanceProfilesOf(name)).hasSize(1);
    }
    assertThat(account.getRole("other0").attachedPolicyArns()).isEmpty();
  }
}
