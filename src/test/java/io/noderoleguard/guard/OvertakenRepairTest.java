package io.noderoleguard.guard;

import static io.noderoleguard.guard.GuardRig.EC2_TRUST;
import static io.noderoleguard.guard.GuardRig.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.guard.GuardRig.Way;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.local.iam.IamError;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.ChangeResult.Outcome;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.rig.Guards;
import io.noderoleguard.role.Profiles;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Others change the same role at the same time, and IAM tells late or wrongly what is there. */
@ParameterizedClass
@EnumSource
final class OvertakenRepairTest {

  private static final String CNI = "AmazonEKS_CNI_Policy";

  private static final String OPEN_TRUST =
      EC2_TRUST.replace("\"Service\"", "\"AWS\":\"*\",\"Service\"");

  /** A quarter of the patience, as 5 of the function's 20 seconds are. */
  private static final Duration LAG = Duration.ofMillis(500);

  private final GuardRig rig = new GuardRig();
  private final IamAccount account = rig.iam.account();

  private final Way way;

  OvertakenRepairTest(Way way) {
    this.way = way;
    rig.checking(way);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private void meanwhile(String action, Runnable event) {
    rig.iam.faults().at(1, action, Fault.meanwhile(event));
  }

  private void driftWithoutProfile() {
    account.createRole(NAME, OPEN_TRUST);
  }

  /** So long that no test waits for it: what is not noticed earlier ends in its time-out. */
  private GuardRig patientRig() {
    return new GuardRig(
            "aws",
            new Patience(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofSeconds(25)))
        .checking(way);
  }

  private void addARoleThatIsDeletedAt(int number, String call, GuardRig rig) {
    String action =
        call.equals("the reading after")
            ? way == Way.LISTED ? "GetAccountAuthorizationDetails" : "GetRole"
            : call;
    IamAccount account = rig.iam.account();
    account.createRole(NAME, OPEN_TRUST);
    rig.iam
        .faults()
        .at(number, action, Fault.meanwhile(() -> account.deleteRoleAndWhatItHas(NAME)));
  }

  @ParameterizedTest
  @CsvSource({
    // which call of which action comes just too late
    "1, UpdateAssumeRolePolicy",
    "1, AttachRolePolicy",
    "3, AttachRolePolicy",
    "1, CreateInstanceProfile",
    "1, AddRoleToInstanceProfile",
    "2, the reading after"
  })
  @Timeout(20)
  void aRoleDeletedDuringARepairIsRecreatedInTheSameRun(int number, String action) {
    try (GuardRig patient = patientRig()) {
      addARoleThatIsDeletedAt(number, action, patient);

      RoleReport report = patient.repair();

      assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
      assertThat(report.changes()).extracting(each -> each.change().type()).contains("CreateRole");
      assertThat(patient.repair().status()).isEqualTo(Status.COMPLIANT);
      assertThat(patient.writes()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, AttachRolePolicy", "2, the reading after"})
  @Timeout(20)
  void aRoleOfAPatternDeletedDuringARepairIsNotRecreated(int number, String action) {
    try (GuardRig patient = patientRig()) {
      addARoleThatIsDeletedAt(number, action, patient);

      RoleReport report = patient.run(new Target(NAME, false), Requirements.DEFAULT, Mode.REPAIR);

      assertThat(report.status()).isEqualTo(Status.FAILED);
      assertThat(report.explanation())
          .contains("The role was deleted meanwhile, and a pattern creates no role.");
      assertThat(patient.writes()).doesNotContain("CreateRole");
      assertThat(patient.iam.account().role(NAME)).isEmpty();
    }
  }

  @Test
  @Timeout(20)
  void aProfileDeletedDuringARepairIsRecreatedInTheSameRun() {
    try (GuardRig patient = patientRig()) {
      IamAccount deleted = patient.iam.account();
      deleted.createRole(NAME, OPEN_TRUST);
      deleted.createInstanceProfile(NAME);
      patient
          .iam
          .faults()
          .at(
              1,
              "AddRoleToInstanceProfile",
              Fault.meanwhile(() -> deleted.deleteInstanceProfile(NAME)));

      assertThat(patient.repair().status()).isEqualTo(Status.REPAIRED);
      assertThat(deleted.getInstanceProfile(NAME).roleName()).contains(NAME);
    }
  }

  @Test
  void aRoleDeletedAgainAndAgainIsRecreatedOnceAndFails() {
    Patience brief =
        new Patience(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofMillis(200));
    try (GuardRig hasty = new GuardRig("aws", brief).checking(way)) {
      IamAccount deleted = hasty.iam.account();
      deleted.createRole(NAME, OPEN_TRUST);
      hasty
          .iam
          .faults()
          .always(
              "AttachRolePolicy",
              Fault.meanwhile(
                  () -> deleted.role(NAME).ifPresent(_ -> deleted.deleteRoleAndWhatItHas(NAME))));

      RoleReport report = hasty.repair();

      assertThat(report.status()).isEqualTo(Status.FAILED);
      assertThat(report.explanation()).contains("iam:AttachRolePolicy", NAME, "NoSuchEntity");
      assertThat(hasty.writes().stream().filter("CreateRole"::equals)).hasSize(1);
      hasty.iam.faults().clear();
      assertThat(hasty.repair().status()).isEqualTo(Status.REPAIRED);
    }
  }

  @Test
  void aRoleThatSomeoneElseMakesAndThatIsReadLateIsWaitedFor() {
    rig.iam.staleReads(LAG);
    rig.client.createRole(create -> create.roleName(NAME).assumeRolePolicyDocument(EC2_TRUST));
    rig.client.createInstanceProfile(create -> create.instanceProfileName(NAME));
    String id = account.getRole(NAME).id();

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(report.changes())
        .extracting(each -> each.change().type())
        .containsOnly("AttachManagedPolicy", "AddRoleToInstanceProfile");
    assertThat(account.getRole(NAME).id()).isEqualTo(id);
    rig.iam.freshReads();
    assertThat(rig.repair().status()).isEqualTo(Status.COMPLIANT);
  }

  @Test
  void aRoleThatIsThereAndNeverSeenIsFailedWhenPatienceEnds() {
    rig.iam.staleReads(Duration.ofMinutes(1));
    rig.client.createRole(create -> create.roleName(NAME).assumeRolePolicyDocument(EC2_TRUST));
    long start = System.nanoTime();

    RoleReport report = rig.repair();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.explanation()).contains("iam:CreateRole", NAME, "EntityAlreadyExists");
    assertThat(report.changes()).extracting(ChangeResult::change).doesNotHaveDuplicates();
  }

  @Test
  void noWaitForWhatIsReadLateOutlastsTheBudget() {
    try (GuardRig patient = patientRig()) {
      patient.iam.staleReads(Duration.ofMinutes(1));
      patient.client.createRole(
          create -> create.roleName(NAME).assumeRolePolicyDocument(EC2_TRUST));
      long start = System.nanoTime();

      Report report =
          patient.guard.check(
              Target.named(NAME),
              Requirements.DEFAULT,
              new Run(
                  Mode.REPAIR, Guards.HOME, Budget.of(Duration.ofMillis(1500)), new Cause.Asked()));

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(report.status()).isEqualTo(Status.FAILED);
    }
  }

  @Test
  void whatIamRefusesIsNotTriedAgainByALaterPlan() {
    driftWithoutProfile();
    rig.iam.faults().always("UpdateAssumeRolePolicy", new Fault.Denied());
    meanwhile("CreateInstanceProfile", () -> account.createInstanceProfile(NAME));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(rig.writes().stream().filter("UpdateAssumeRolePolicy"::equals)).hasSize(1);
    assertThat(report.changes()).extracting(ChangeResult::change).doesNotHaveDuplicates();
    assertThat(account.getInstanceProfile(NAME).roleName()).contains(NAME);
  }

  @Test
  void aRoleChangedDuringARepairIsNotReportedAsCompliant() {
    driftWithoutProfile();
    meanwhile(
        "AddRoleToInstanceProfile",
        () ->
            account.updateAssumeRolePolicy(
                NAME, EC2_TRUST.replace("ec2.amazonaws.com", "lambda.amazonaws.com")));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.explanation()).contains("also trusts lambda.amazonaws.com");
    assertThat(rig.repair().status()).isEqualTo(Status.REPAIRED);
  }

  @Test
  void aProfileThatSomeoneElseMakesFirstIsFilled() {
    meanwhile("CreateInstanceProfile", () -> account.createInstanceProfile(NAME));

    assertThat(rig.repair().status()).isEqualTo(Status.REPAIRED);
    assertThat(account.getInstanceProfile(NAME).roleName()).contains(NAME);
  }

  @Test
  void aProfileThatAnotherRoleFillsFirstIsLeftToIt() {
    account.createRole("Other", EC2_TRUST);
    driftWithoutProfile();
    meanwhile("AddRoleToInstanceProfile", () -> account.addRoleToInstanceProfile(NAME, "Other"));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.DRIFTED);
    assertThat(report.remaining())
        .containsExactly(new Profiles.InstanceProfileHoldsOtherRole(NAME, "Other"));
    assertThat(account.getInstanceProfile(NAME).roleName()).contains("Other");
  }

  @Test
  void aRoleThatAppearsBetweenTwoReadsIsReadAgain() {
    rig.withRightRole();
    rig.iam.faults().first(2, "ListAttachedRolePolicies", Fault.refused(IamError.noSuchRole(NAME)));

    assertThat(rig.repair().status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.writes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 15})
  void whatIsReadLateIsWaitedForAndNeverWrittenTwice(int reads) {
    rig.iam.staleReads(reads);

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(rig.writes()).hasSize(6);
  }

  @Test
  void aPolicyIsAttachedToARoleThatIsNotSeenEverywhereYet() {
    rig.iam.faults().first(3, "AttachRolePolicy", Fault.refused(IamError.noSuchRole(NAME)));

    assertThat(rig.repair().status()).isEqualTo(Status.REPAIRED);
  }

  @Test
  void aPolicyThatDoesNotExistIsNamedAndTheOthersAreAttached() {
    driftWithoutProfile();
    Requirements unknown =
        new Requirements(
            Optional.empty(), List.of("NoSuchPolicy", CNI), Optional.empty(), Map.of());

    RoleReport report = rig.run(unknown, Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.explanation()).contains("policy/NoSuchPolicy", "NoSuchEntity");
    assertThat(report.changes().stream().filter(each -> each.outcome() != Outcome.APPLIED))
        .hasSize(1);
    assertThat(account.getRole(NAME).attachedPolicyArns())
        .containsExactly(account.awsPolicyArn(CNI));
  }

  @ParameterizedTest
  @CsvSource({"CreateRole, Role", "CreateInstanceProfile, InstanceProfile"})
  void aWriteWithAnIncompleteResultIsRetriedAndFoundDone(String action, String element) {
    rig.iam.faults().at(1, action, new Fault.Rewritten(GuardRig.without(element)));

    assertThat(rig.repair().status()).isEqualTo(Status.REPAIRED);
    assertThat(account.instanceProfilesOf(NAME)).hasSize(1);
  }
}
