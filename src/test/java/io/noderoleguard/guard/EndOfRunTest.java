package io.noderoleguard.guard;

import static io.noderoleguard.guard.GuardRig.NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.noderoleguard.local.iam.Call;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.ChangeResult.Outcome;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.Target;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever ends a run, its report has all that was found and changed. */
@Timeout(60)
final class EndOfRunTest {

  private static final String STRANGER = "arn:aws:iam::999999999999:root";
  private static final String TRUSTS_A_STRANGER =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":
      "ec2.amazonaws.com","AWS":"%s"},"Action":"sts:AssumeRole"}]}"""
          .formatted(STRANGER);

  private final GuardRig rig = new GuardRig();
  private final IamAccount account = rig.iam.account();

  @AfterEach
  void close() {
    rig.close();
  }

  private Report repair(Duration time, String... names) {
    return rig.runAll(Requirements.DEFAULT, Mode.REPAIR, time, names);
  }

  private void trustAStranger(String name) {
    rig.client.updateAssumeRolePolicy(
        update -> update.roleName(name).policyDocument(TRUSTS_A_STRANGER));
  }

  private void detachCni(String name) {
    account.detachRolePolicy(name, account.awsPolicyArn("AmazonEKS_CNI_Policy"));
  }

  @Test
  void theFailureOfOneRoleDoesNotHideWhatWasFoundAndChangedAtAnother() {
    for (String name : List.of("RoleA", "RoleB")) {
      RightRole.addTo(account, name);
    }
    trustAStranger("RoleA");
    detachCni("RoleB");
    rig.iam.faults().always("AttachRolePolicy", new Fault.Denied());

    Report report = repair(Duration.ofSeconds(30), "RoleA", "RoleB");

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.failure(8_000))
        .contains("RoleB: iam:AttachRolePolicy", "AccessDenied")
        .contains("RoleA is REPAIRED.", STRANGER, "Replaced the trust policy.");
    assertThat(report.summary()).contains("RoleB is FAILED.", STRANGER);
  }

  @Test
  void aFailedRoleSaysWhatWasChangedOfItAllTheSame() {
    RightRole.addTo(account, NAME);
    trustAStranger(NAME);
    detachCni(NAME);
    rig.iam.faults().always("AttachRolePolicy", new Fault.Denied());

    Report report = repair(Duration.ofSeconds(30), NAME);

    assertThat(report.failure(8_000))
        .startsWith(NAME + ": iam:AttachRolePolicy")
        .contains(STRANGER, "Replaced the trust policy.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Role*", "Role0"})
  void aRunThatIsOutOfTimeReportsWhatItFoundAndChanged(String names) {
    RightRole.addTo(account, "Role0");
    trustAStranger("Role0");
    detachCni("Role0");
    rig.iam.faults().always("AttachRolePolicy", new Fault.NoAnswer());

    Report report = repair(Duration.ofSeconds(3), names);

    RoleReport role = report.roles().getFirst();
    assertThat(role.roleName()).isEqualTo("Role0");
    assertThat(role.status()).isEqualTo(Status.FAILED);
    assertThat(role.findings()).hasSize(2);
    assertThat(role.changes())
        .filteredOn(ChangeResult::isApplied)
        .extracting(result -> result.change().type())
        .containsExactly("UpdateTrustPolicy");
    // Of what it waited for in the end, or that it was not waited for any more.
    assertThat(report.failure(8_000))
        .containsPattern("out of time|no response in time")
        .contains(STRANGER);
  }

  @Test
  void whatWasNotReachedIsFailedAndTheRestIsReportedAsItIs() {
    String[] names = IntStream.range(0, 12).mapToObj("Role%02d"::formatted).toArray(String[]::new);
    for (String name : names) {
      RightRole.addTo(account, name);
    }
    for (int call = 3; call <= 12; call++) {
      rig.iam.faults().at(call, "ListAttachedRolePolicies", new Fault.NoAnswer());
    }

    Report report = repair(Duration.ofSeconds(3), names);

    assertThat(report.roles()).hasSize(12);
    assertThat(report.count(Status.COMPLIANT)).isEqualTo(2);
    assertThat(report.roles())
        .filteredOn(role -> role.status() == Status.FAILED)
        .hasSize(10)
        .allSatisfy(
            role ->
                assertThat(role.explanation())
                    .containsPattern("out of time|no response in time|the time was up"));
  }

  @Test
  void aSweepWhoseListHangsNamesEachRoleAndPattern() {
    RightRole.addTo(account, "eks-a");
    rig.iam.faults().always("GetAccountAuthorizationDetails", new Fault.NoAnswer());

    Report report = repair(Duration.ofSeconds(2), "eks-*", NAME);

    assertThat(report.roles()).extracting(RoleReport::roleName).containsExactly(NAME, "eks-*");
    assertThat(report.roles())
        .allSatisfy(
            role ->
                assertThat(role.explanation())
                    .contains("iam:GetAccountAuthorizationDetails", "no response in time"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UpdateAssumeRolePolicy",
        "AttachRolePolicy",
        "CreateInstanceProfile",
        "AddRoleToInstanceProfile"
      })
  void aChangeWhoseResponsesAreAllLostIsAppliedIfAReadingShowsIt(String action) {
    rig.client.createRole(
        create -> create.roleName(NAME).assumeRolePolicyDocument(TRUSTS_A_STRANGER));
    rig.iam.faults().always(action, Fault.answerLost());

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(report.remaining()).isEmpty();
    assertThat(report.changes())
        .hasSize(6)
        .extracting(ChangeResult::outcome)
        .containsOnly(Outcome.APPLIED);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aRoleWhoseCreationWasNotConfirmedIsAmongTheChanges(int lost) {
    rig.iam.faults().first(lost, "CreateRole", Fault.answerLost());

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(report.changes())
        .extracting(result -> result.change().type(), ChangeResult::outcome)
        .contains(tuple("CreateRole", Outcome.APPLIED));
    assertThat(rig.iam.writes()).extracting(Call::action).contains("CreateRole");
  }

  @Test
  void aChangeOfARoleThatIsGoneIsNotClaimed() {
    RightRole.addTo(account, NAME);
    trustAStranger(NAME);
    rig.iam
        .faults()
        .at(
            1,
            "UpdateAssumeRolePolicy",
            Fault.meanwhile(() -> account.deleteRoleAndWhatItHas(NAME)))
        .always("UpdateAssumeRolePolicy", new Fault.ConnectionReset());

    RoleReport report = rig.run(new Target(NAME, false), Requirements.DEFAULT, Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.changes()).extracting(ChangeResult::outcome).containsExactly(Outcome.FAILED);
  }

  @Test
  void aChangeThatAReadingDoesNotShowIsFailed() {
    RightRole.addTo(account, NAME);
    detachCni(NAME);
    rig.iam.faults().always("AttachRolePolicy", new Fault.ConnectionReset());

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.changes()).extracting(ChangeResult::outcome).containsExactly(Outcome.FAILED);
    assertThat(report.remaining()).hasSize(1);
  }

  @Test
  void theSummaryNamesTheWorstRoleFirstAndCompliantOnesAsANumber() {
    String[] names = IntStream.range(0, 46).mapToObj("Role%02d"::formatted).toArray(String[]::new);
    for (String name : names) {
      RightRole.addTo(account, name);
    }
    detachCni("Role45");

    Report report = rig.runAll(Requirements.DEFAULT, Mode.AUDIT, Duration.ofSeconds(30), "Role*");

    assertThat(report.summary())
        .startsWith("46 roles: 45 COMPLIANT, 1 DRIFTED. Role45 is DRIFTED. The managed policy")
        .doesNotContain("Role00");
  }
}
