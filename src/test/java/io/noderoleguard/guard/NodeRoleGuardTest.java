package io.noderoleguard.guard;

import static io.noderoleguard.guard.GuardRig.EC2_TRUST;
import static io.noderoleguard.guard.GuardRig.NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.ChangeResult.Outcome;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.rig.Guards;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.Path;
import io.noderoleguard.role.Profiles;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleState.Present;
import io.noderoleguard.role.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NodeRoleGuardTest {

  private static final String WORKER = "AmazonEKSWorkerNodePolicy";
  private static final String CNI = "AmazonEKS_CNI_Policy";

  private final GuardRig rig = new GuardRig();
  private final EmbeddedIam iam = rig.iam;
  private final IamAccount account = rig.iam.account();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void aCompliantRoleCostsFourReadsSideBySideAndNoWrite() {
    rig.withRightRole();

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(report.findings()).isEmpty();
    assertThat(report.changes()).isEmpty();
    assertThat(report.role()).map(Present::arn).contains("arn:aws:iam::123456789012:role/" + NAME);
    assertThat(rig.calls())
        .containsExactly(
            "GetRole",
            "ListAttachedRolePolicies",
            "ListInstanceProfilesForRole",
            "SimulatePrincipalPolicy");
  }

  private static Consumer<IamAccount> account(Consumer<IamAccount> drift) {
    return drift;
  }

  private static void removeProfile(IamAccount account) {
    account.removeRoleFromInstanceProfile(NAME, NAME);
    account.deleteInstanceProfile(NAME);
  }

  static Stream<Arguments> singleDrifts() {
    return Stream.of(
        // what drifted, how, the fewest writes that put it right
        arguments(
            "one policy is detached",
            account(it -> it.detachRolePolicy(NAME, it.awsPolicyArn(CNI))),
            List.of("AttachRolePolicy")),
        arguments(
            "a stranger is trusted",
            account(
                it ->
                    it.updateAssumeRolePolicy(
                        NAME,
                        EC2_TRUST.replace(
                            "\"Service\"",
                            "\"AWS\":\"arn:aws:iam::999999999999:root\",\"Service\""))),
            List.of("UpdateAssumeRolePolicy")),
        arguments(
            "there is no instance profile",
            account(NodeRoleGuardTest::removeProfile),
            List.of("CreateInstanceProfile", "AddRoleToInstanceProfile")),
        arguments(
            "the instance profile is empty",
            account(it -> it.removeRoleFromInstanceProfile(NAME, NAME)),
            List.of("AddRoleToInstanceProfile")),
        arguments(
            "there is no role",
            account(it -> it.deleteRoleAndWhatItHas(NAME)),
            List.of(
                "CreateRole",
                "AttachRolePolicy",
                "AttachRolePolicy",
                "AttachRolePolicy",
                "AddRoleToInstanceProfile")),
        arguments(
            "there is neither a role nor a profile",
            account(
                it -> {
                  removeProfile(it);
                  it.deleteRoleAndWhatItHas(NAME);
                }),
            List.of(
                "CreateRole",
                "AttachRolePolicy",
                "AttachRolePolicy",
                "AttachRolePolicy",
                "CreateInstanceProfile",
                "AddRoleToInstanceProfile")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("singleDrifts")
  void eachDriftIsRepairedOnceWithTheFewestWrites(
      String what, Consumer<IamAccount> drift, List<String> writes) {
    rig.withRightRole();
    drift.accept(account);

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    assertThat(report.findings()).isNotEmpty();
    assertThat(report.remaining()).isEmpty();
    assertThat(report.changes())
        .extracting(ChangeResult::outcome)
        .containsOnly(Outcome.APPLIED)
        .hasSize(writes.size());
    assertThat(rig.writes()).isEqualTo(writes);

    assertThat(rig.repair().status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.calls()).hasSize(4);
    assertThat(rig.writes()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("singleDrifts")
  void anAuditTellsEachDriftAndWritesNothing(
      String what, Consumer<IamAccount> drift, List<String> writes) {
    rig.withRightRole();
    drift.accept(account);

    RoleReport report = rig.run(Requirements.DEFAULT, Mode.AUDIT);

    assertThat(report.status()).isEqualTo(Status.DRIFTED);
    assertThat(report.findings()).isNotEmpty().isEqualTo(report.remaining());
    assertThat(report.changes()).isEmpty();
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void anAuditOfACompliantRoleIsCompliant() {
    rig.withRightRole();

    assertThat(rig.run(Requirements.DEFAULT, Mode.AUDIT).status()).isEqualTo(Status.COMPLIANT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"Statement":{"Sid":"x","Action":["STS:AssumeRole"],"Condition":{},"Effect":"Allow",
        "Principal":{"Service":["ec2.amazonaws.com"]}}}""",
        """
        {"Version":"2008-10-17","Id":"y","Statement":[
        {"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:assumerole"},
        {"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"""
      })
  void theSameTrustInOtherWordsIsLeftAlone(String trust) {
    rig.withRightRole();
    account.updateAssumeRolePolicy(NAME, trust);

    assertThat(rig.repair().status()).isEqualTo(Status.COMPLIANT);
    assertThat(account.getRole(NAME).trustPolicy()).isEqualTo(trust);
  }

  @Test
  void whatElseIsAttachedInlineOrTaggedStays() {
    rig.withRightRole();
    account.attachRolePolicy(NAME, account.awsPolicyArn("AmazonSSMManagedInstanceCore"));
    account.putRolePolicy(
        NAME,
        "own",
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject",
        "Resource":"*"}]}""");
    account.tagRole(NAME, "team", "b");
    account.putRolePermissionsBoundary(NAME, account.awsPolicyArn("PowerUserAccess"));
    var before = account.getRole(NAME);
    account.detachRolePolicy(NAME, account.awsPolicyArn(WORKER));

    assertThat(rig.repair().status()).isEqualTo(Status.REPAIRED);

    var after = account.getRole(NAME);
    assertThat(after.attachedPolicyArns())
        .containsExactlyInAnyOrderElementsOf(before.attachedPolicyArns());
    assertThat(after.inlinePolicies()).isEqualTo(before.inlinePolicies());
    assertThat(after.tags()).isEqualTo(before.tags());
    assertThat(after.permissionsBoundary()).isEqualTo(before.permissionsBoundary());
  }

  @Test
  void aProfileThatHoldsAnotherRoleIsReportedAndLeftAlone() {
    rig.withRightRole();
    account.removeRoleFromInstanceProfile(NAME, NAME);
    account.createRole("Other", EC2_TRUST);
    account.addRoleToInstanceProfile(NAME, "Other");
    account.detachRolePolicy(NAME, account.awsPolicyArn(CNI));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.DRIFTED);
    assertThat(report.remaining())
        .containsExactly(new Profiles.InstanceProfileHoldsOtherRole(NAME, "Other"));
    assertThat(report.explanation()).contains("holds the role Other");
    assertThat(rig.writes()).containsExactly("AttachRolePolicy");
    assertThat(account.getInstanceProfile(NAME).roleName()).contains("Other");
  }

  @Test
  void aRoleWithAPathIsRepairedUnderItsPath() {
    rig.withRightRole("/eks/nodes/");
    removeProfile(account);

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    assertThat(report.role())
        .map(Present::arn)
        .contains("arn:aws:iam::123456789012:role/eks/nodes/" + NAME);
    assertThat(account.getInstanceProfile(NAME).path()).isEqualTo("/eks/nodes/");
  }

  private static Requirements fullRequirements(IamAccount account) {
    return new Requirements(
        Optional.of("/eks/"),
        Requirements.DEFAULT_POLICIES,
        Optional.of(account.awsPolicyArn("PowerUserAccess")),
        Map.of("team", "a", "stage", "prod"));
  }

  @Test
  void aRoleIsCreatedWithPathBoundaryAndTags() {
    RoleReport report = rig.run(fullRequirements(account), Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    var role = account.getRole(NAME);
    assertThat(role.path()).isEqualTo("/eks/");
    assertThat(role.permissionsBoundary()).contains(account.awsPolicyArn("PowerUserAccess"));
    assertThat(role.tags()).containsEntry("team", "a").containsEntry("stage", "prod");
    assertThat(rig.writes()).hasSize(6);
  }

  @Test
  void boundaryAndTagsThatAreAskedForAreSetWithAWriteEach() {
    rig.withRightRole("/eks/");
    account.tagRole(NAME, "Team", "b");

    assertThat(rig.run(fullRequirements(account), Mode.REPAIR).status()).isEqualTo(Status.REPAIRED);
    assertThat(rig.writes()).containsExactly("PutRolePermissionsBoundary", "TagRole");
    assertThat(rig.run(fullRequirements(account), Mode.REPAIR).status())
        .isEqualTo(Status.COMPLIANT);
  }

  @Test
  void aPathThatDiffersIsReportedAndLeftAlone() {
    rig.withRightRole("/other/");
    account.putRolePermissionsBoundary(NAME, account.awsPolicyArn("PowerUserAccess"));
    account.tagRole(NAME, "team", "a");
    account.tagRole(NAME, "stage", "prod");

    RoleReport report = rig.run(fullRequirements(account), Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.DRIFTED);
    assertThat(report.remaining()).containsExactly(new Path.RolePathDiffers("/other/", "/eks/"));
    assertThat(rig.writes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws-cn", "aws-us-gov"})
  void inAnotherPartitionARoleIsCreatedWithThatPartitionsArns(String partition) {
    try (GuardRig there = new GuardRig(partition)) {
      assertThat(there.repair().status()).isEqualTo(Status.REPAIRED);

      var role = there.iam.account().getRole(NAME);
      assertThat(role.attachedPolicyArns())
          .hasSize(3)
          .allMatch(arn -> arn.startsWith("arn:" + partition + ":iam::aws:policy/"));
      assertThat(there.repair().status()).isEqualTo(Status.COMPLIANT);
    }
  }

  @Test
  void anExistingRolesOwnArnTellsThePartition() {
    try (GuardRig there = new GuardRig("aws-us-gov").withRightRole()) {
      RoleReport report =
          there
              .guard
              .check(
                  Target.named(NAME),
                  Requirements.DEFAULT,
                  new Run(
                      Mode.REPAIR,
                      Guards.HOME,
                      Budget.of(Duration.ofSeconds(30)),
                      new Cause.Asked()))
              .roles()
              .getFirst();

      assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    }
  }

  @Test
  void aChangeThatFailsKeepsOnlyThoseFromBeingMadeThatNeedIt() {
    rig.withRightRole();
    removeProfile(account);
    account.detachRolePolicy(NAME, account.awsPolicyArn(CNI));
    account.detachRolePolicy(NAME, account.awsPolicyArn(WORKER));
    iam.faults()
        .at(1, "AttachRolePolicy", new Fault.Denied())
        .always("CreateInstanceProfile", new Fault.Denied());

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.changes())
        .extracting(result -> result.change().type(), ChangeResult::outcome)
        .containsExactly(
            tuple("AttachManagedPolicy", Outcome.FAILED),
            tuple("AttachManagedPolicy", Outcome.APPLIED),
            tuple("CreateInstanceProfile", Outcome.FAILED),
            tuple("AddRoleToInstanceProfile", Outcome.SKIPPED));
    assertThat(report.remaining()).hasSize(2);
    assertThat(report.explanation())
        .contains("iam:AttachRolePolicy")
        .contains("AccessDenied")
        .contains(NAME);

    iam.faults().clear();
    assertThat(rig.repair().status()).isEqualTo(Status.REPAIRED);
  }

  @Test
  void aRoleThatCannotBeReadIsFailedAndNothingIsWritten() {
    rig.withRightRole();
    account.detachRolePolicy(NAME, account.awsPolicyArn(CNI));
    iam.faults().always("ListInstanceProfilesForRole", new Fault.Denied());

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.findings()).isEmpty();
    assertThat(report.explanation())
        .startsWith(
            "iam:ListInstanceProfilesForRole for role NodeInstanceRole failed: AccessDenied");
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void whatWasWrittenIsWaitedForUntilItIsSeen() {
    rig.withRightRole();
    account.detachRolePolicy(NAME, account.awsPolicyArn(CNI));
    iam.staleReads(5);

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    assertThat(rig.writes()).containsExactly("AttachRolePolicy");
  }

  @Test
  void aRoleThatSomeoneElseCreatesFirstIsCheckedLikeAnyOther() {
    iam.faults()
        .at(
            1,
            "CreateRole",
            Fault.meanwhile(
                () ->
                    account.createRole(
                        NAME, EC2_TRUST.replace("\"Service\"", "\"AWS\":\"*\",\"Service\""))));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    assertThat(report.changes())
        .extracting(ChangeResult::change)
        .extracting(Change::type)
        .containsExactly(
            "UpdateTrustPolicy",
            "AttachManagedPolicy",
            "AttachManagedPolicy",
            "AttachManagedPolicy",
            "CreateInstanceProfile",
            "AddRoleToInstanceProfile");
    assertThat(rig.repair().status()).isEqualTo(Status.COMPLIANT);
  }

  @Test
  void nothingIsChangedOnceTheTimeIsUp() {
    rig.withRightRole();
    account.detachRolePolicy(NAME, account.awsPolicyArn(CNI));
    Budget budget = Budget.of(Duration.ofMillis(300));
    iam.latency(Duration.ofMillis(200));
    account.removeRoleFromInstanceProfile(NAME, NAME);

    iam.forgetCalls();
    RoleReport report =
        rig.guard
            .check(
                Target.named(NAME),
                Requirements.DEFAULT,
                new Run(Mode.REPAIR, Guards.HOME, budget, new Cause.Asked()))
            .roles()
            .getFirst();

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(rig.writes()).isEmpty();
  }
}
