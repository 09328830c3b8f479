package io.noderoleguard.guard;

import static io.noderoleguard.guard.GuardRig.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.guard.GuardRig.Way;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.ChangeResult.Outcome;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.EffectUse;
import io.noderoleguard.role.ExtraPolicyUse;
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.InstanceProfileUse;
import io.noderoleguard.role.Note;
import io.noderoleguard.role.Requirements;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Policies that a role has beyond what is required. */
final class ExtraPoliciesTest {

  private static final String DEBUG =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}""";

  private static final String REVOCATION =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["*"],"Resource":["*"],
      "Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-11-01T00:00:00Z"}}}]}""";

  private final GuardRig rig = new GuardRig().withRightRole();
  private final IamAccount account = rig.iam.account();

  @AfterEach
  void close() {
    rig.close();
  }

  private static Requirements extras(ExtraPolicyUse use, String... allowed) {
    return new Requirements(
        Optional.empty(),
        Requirements.DEFAULT_POLICIES,
        Optional.empty(),
        InstanceProfileUse.ENSURE,
        Optional.empty(),
        Map.of(),
        use,
        List.of(allowed),
        EffectUse.OFF);
  }

  private void attach(String awsPolicy) {
    account.attachRolePolicy(NAME, account.awsPolicyArn(awsPolicy));
  }

  private static List<String> types(RoleReport report) {
    return report.findings().stream().map(Finding::type).toList();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void byDefaultTheyAreNotEvenRead(Way way) {
    attach("AdministratorAccess");
    account.putRolePolicy(NAME, "Debug", DEBUG);

    RoleReport report = rig.checking(way).run(extras(ExtraPolicyUse.IGNORE), Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.calls()).doesNotContain("ListRolePolicies", "GetRolePolicy");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void reportedTheyAreDriftThatIsLeftAlone(Way way) {
    attach("AdministratorAccess");
    account.putRolePolicy(NAME, "Debug", DEBUG);

    RoleReport report = rig.checking(way).run(extras(ExtraPolicyUse.REPORT), Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.DRIFTED);
    assertThat(types(report)).containsExactly("ManagedPolicyNotAllowed", "InlinePolicyNotAllowed");
    assertThat(report.explanation()).contains("policy/AdministratorAccess", "Debug");
    assertThat(rig.writes()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void removedTheyAreGoneAndTheDocumentIsKept(Way way) {
    attach("AdministratorAccess");
    account.putRolePolicy(NAME, "Debug", DEBUG);
    Requirements remove = extras(ExtraPolicyUse.REMOVE);

    RoleReport report = rig.checking(way).run(remove, Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    assertThat(rig.writes()).containsExactly("DetachRolePolicy", "DeleteRolePolicy");
    assertThat(report.findings().getLast().details())
        .containsEntry("policyName", "Debug")
        .containsEntry("previous", DEBUG);
    assertThat(account.getRole(NAME).attachedPolicyArns()).hasSize(3);
    assertThat(account.getRole(NAME).inlinePolicies()).isEmpty();
    assertThat(rig.run(remove, Mode.REPAIR).status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void whatIsRequiredOrWouldDoInsteadIsAllowed() {
    attach("AmazonEC2ContainerRegistryPullOnly");

    RoleReport report = rig.run(extras(ExtraPolicyUse.REMOVE), Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
  }

  @ParameterizedTest
  @CsvSource({
    "AmazonSSMManagedInstanceCore, true",
    "AmazonSSM*, true",
    "AmazonSSMManagedInstanceCor?, true",
    "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore, true",
    "arn:*:iam::aws:policy/*, true",
    "*, true",
    "AmazonSSM, false",
    "amazonssm*, false",
    "inline:*, false",
    "inline:AmazonSSMManagedInstanceCore, false",
    "arn:aws:iam::123456789012:policy/AmazonSSMManagedInstanceCore, false"
  })
  void managedPoliciesAreAllowedByNameArnOrPattern(String allowed, boolean isAllowed) {
    attach("AmazonSSMManagedInstanceCore");

    RoleReport report = rig.run(extras(ExtraPolicyUse.REPORT, allowed), Mode.REPAIR);

    assertThat(types(report)).isEqualTo(isAllowed ? List.of() : List.of("ManagedPolicyNotAllowed"));
  }

  @ParameterizedTest
  @CsvSource({
    "AmazonSSMManagedInstanceCore, false",
    "*, false",
    "arn:aws:iam::*:policy/AmazonSSM*, true",
    "arn:aws:iam::123456789012:policy/AmazonSSMManagedInstanceCore, true"
  })
  void aPolicyOfOnesOwnWithTheNameOfAnAllowedOneIsNotThatOne(String allowed, boolean isAllowed) {
    String own = account.createPolicy("AmazonSSMManagedInstanceCore", DEBUG).arn();
    account.attachRolePolicy(NAME, own);

    RoleReport report = rig.run(extras(ExtraPolicyUse.REPORT, allowed), Mode.REPAIR);

    assertThat(types(report)).isEqualTo(isAllowed ? List.of() : List.of("ManagedPolicyNotAllowed"));
  }

  @ParameterizedTest
  @CsvSource({
    "inline:Debug, true",
    "inline:De*, true",
    "inline:*, true",
    "inline:debug, false",
    "Debug, false",
    "*, false"
  })
  void inlinePoliciesAreAllowedByNameOrPattern(String allowed, boolean isAllowed) {
    account.putRolePolicy(NAME, "Debug", DEBUG);

    RoleReport report = rig.run(extras(ExtraPolicyUse.REPORT, allowed), Mode.REPAIR);

    assertThat(types(report)).isEqualTo(isAllowed ? List.of() : List.of("InlinePolicyNotAllowed"));
    assertThat(rig.calls().contains("GetRolePolicy")).isEqualTo(!isAllowed);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aRevocationOfSessionsIsNeverTakenBack(Way way) {
    account.putRolePolicy(NAME, "AWSRevokeOlderSessions", REVOCATION);

    RoleReport report = rig.checking(way).run(extras(ExtraPolicyUse.REMOVE), Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(report.notes()).containsExactly(new Note.SessionsRevoked("AWSRevokeOlderSessions"));
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void whatOnlyHasTheNameOfARevocationIsNone() {
    account.putRolePolicy(NAME, "AWSRevokeOlderSessions", DEBUG);

    RoleReport report = rig.run(extras(ExtraPolicyUse.REMOVE), Mode.REPAIR);

    assertThat(types(report)).containsExactly("InlinePolicyNotAllowed");
    assertThat(report.status()).isEqualTo(Status.REPAIRED);
  }

  @Test
  void whatIsRequiredIsAttachedFirst() {
    account.detachRolePolicy(NAME, account.awsPolicyArn("AmazonEKS_CNI_Policy"));
    attach("AdministratorAccess");

    rig.run(extras(ExtraPolicyUse.REMOVE), Mode.REPAIR);

    assertThat(rig.writes()).containsExactly("AttachRolePolicy", "DetachRolePolicy");
  }

  @Test
  void nothingIsTakenFromARoleThatLacksSomething() {
    account.detachRolePolicy(NAME, account.awsPolicyArn("AmazonEKS_CNI_Policy"));
    attach("AdministratorAccess");
    rig.iam.faults().always("AttachRolePolicy", new Fault.Denied());

    RoleReport report = rig.run(extras(ExtraPolicyUse.REMOVE), Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.changes())
        .extracting(ChangeResult::outcome)
        .containsExactly(Outcome.FAILED, Outcome.SKIPPED);
    assertThat(account.getRole(NAME).attachedPolicyArns())
        .contains(account.awsPolicyArn("AdministratorAccess"));
  }

  @Test
  void aFullRoleIsEmptiedBeforeWhatIsRequiredIsAttached() {
    account.detachRolePolicy(NAME, account.awsPolicyArn("AmazonEKS_CNI_Policy"));
    for (int i = 0; i < 8; i++) {
      account.attachRolePolicy(NAME, account.createPolicy("filler" + i, DEBUG).arn());
    }

    RoleReport report = rig.run(extras(ExtraPolicyUse.REMOVE), Mode.REPAIR);

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(account.getRole(NAME).attachedPolicyArns())
        .hasSize(3)
        .contains(account.awsPolicyArn("AmazonEKS_CNI_Policy"));
  }
}
