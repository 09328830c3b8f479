package io.noderoleguard.guard;

import static io.noderoleguard.guard.GuardRig.EC2_TRUST;
import static io.noderoleguard.guard.GuardRig.NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.noderoleguard.local.iam.Call;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.Path;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleSelection.NothingGuarded;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SweepTest {

  private final GuardRig rig = new GuardRig();
  private final IamAccount account = rig.iam.account();

  @AfterEach
  void close() {
    rig.close();
  }

  private Report run(Mode mode, Duration time, String... names) {
    return rig.runAll(Requirements.DEFAULT, mode, time, names);
  }

  private Report repair(String... names) {
    return run(Mode.REPAIR, Duration.ofSeconds(60), names);
  }

  private void detachCni(String name) {
    account.detachRolePolicy(name, account.awsPolicyArn("AmazonEKS_CNI_Policy"));
  }

  private static String[] numbered(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 30})
  void namesTakeFourCallsEachAndNeverAReadingOfTheAccount(int number) {
    String[] names = numbered("Role", number);
    for (String name : names) {
      RightRole.addTo(account, name);
    }

    Report report = repair(names);

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(report.roles()).extracting(RoleReport::roleName).containsExactlyInAnyOrder(names);
    assertThat(rig.iam.calls())
        .hasSize(4 * names.length)
        .extracting(Call::action)
        .doesNotContain("GetAccountAuthorizationDetails");
  }

  @Test
  void aPatternGuardsWhatExistsAcrossPagesAndCreatesNothing() {
    for (String name : numbered("eksctl-c-NodeInstanceRole-", 203)) {
      RightRole.addTo(account, name);
    }
    account.createRole("Other", EC2_TRUST);
    detachCni("eksctl-c-NodeInstanceRole-7");
    detachCni("eksctl-c-NodeInstanceRole-99");

    Report report = repair("eksctl-*-NodeInstanceRole-*", "nothing-like-*");

    assertThat(report.counts())
        .containsOnly(
            entry(Status.COMPLIANT, 201), entry(Status.REPAIRED, 2), entry(Status.DRIFTED, 1));
    assertThat(report.roles())
        .extracting(RoleReport::roleName)
        .containsExactly(
            "nothing-like-*", "eksctl-c-NodeInstanceRole-7", "eksctl-c-NodeInstanceRole-99");
    assertThat(report.roles().getFirst().findings())
        .containsExactly(new NothingGuarded("nothing-like-*", Optional.empty()));
    assertThat(rig.writes()).containsExactly("AttachRolePolicy", "AttachRolePolicy");
    assertThat(report.summary())
        .startsWith("204 roles: 201 COMPLIANT, 2 REPAIRED, 1 DRIFTED. nothing-like-* is DRIFTED. ");
    assertThat(account.getRole("Other").attachedPolicyArns()).isEmpty();
  }

  @Test
  void aMissingRoleOfAnExactNameIsCreatedBesideAPattern() {
    RightRole.addTo(account, "eks-a");

    Report report = repair("eks-*", NAME);

    assertThat(report.counts()).containsOnly(entry(Status.COMPLIANT, 1), entry(Status.REPAIRED, 1));
    assertThat(account.role(NAME)).isPresent();
  }

  @Test
  void aRoleThatIsMatchedTwiceIsCheckedOnce() {
    RightRole.addTo(account, "eks-a");

    assertThat(repair("eks-*", "eks-a", "e*a").counts()).containsOnly(entry(Status.COMPLIANT, 1));
  }

  @Test
  void serviceLinkedRolesAreNeverTouched() {
    String linked =
        account.createServiceLinkedRole("eks.amazonaws.com", "AWSServiceRoleForEKS").name();

    assertThat(repair("AWSServiceRole*").counts()).containsOnly(entry(Status.DRIFTED, 1));
    Report byName = repair(linked);

    assertThat(byName.status()).isEqualTo(Status.DRIFTED);
    assertThat(byName.roles().getFirst().remaining())
        .hasOnlyElementsOfType(Path.RoleIsAwsOwn.class);
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void oneRolesFailureIsItsOwn() {
    for (String name : numbered("Role", 4)) {
      RightRole.addTo(account, name);
      detachCni(name);
    }
    rig.iam.faults().at(1, "AttachRolePolicy", new Fault.Denied());

    Report report = repair("Role*");

    assertThat(report.counts()).containsOnly(entry(Status.REPAIRED, 3), entry(Status.FAILED, 1));
    assertThat(report.summary())
        .contains(
            "iam:AttachRolePolicy for role Role",
            "not authorized to perform: iam:AttachRolePolicy on resource: role Role");
  }

  @Test
  void noMoreThanEightRolesAreRepairedAtATime() {
    String[] names = numbered("Role", 30);
    for (String name : names) {
      RightRole.addTo(account, name);
      detachCni(name);
    }
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    rig.iam
        .faults()
        .always(
            "AttachRolePolicy",
            Fault.meanwhile(
                () -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                  now.decrementAndGet();
                }));

    assertThat(repair("Role*").counts()).containsOnly(entry(Status.REPAIRED, 30));
    assertThat(most).satisfies(value -> assertThat(value.get()).isBetween(2, 8));

    for (String name : names) {
      detachCni(name);
    }
    assertThat(repair(names).counts()).containsOnly(entry(Status.REPAIRED, 30));
    assertThat(most).satisfies(value -> assertThat(value.get()).isBetween(2, 8));
  }

  @Test
  void aMatchedRoleThatIsDeletedMeanwhileIsNotCreated() {
    RightRole.addTo(account, "eks-a");
    detachCni("eks-a");
    rig.iam
        .faults()
        .at(1, "AttachRolePolicy", Fault.meanwhile(() -> account.deleteRoleAndWhatItHas("eks-a")));

    Report report = repair("eks-*");

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(account.role("eks-a")).isEmpty();
    assertThat(rig.writes()).isNotEmpty().doesNotContain("CreateRole");
  }

  @Test
  void rolesThatAreNotReachedAreFailedAndNotLeftOut() {
    for (String name : numbered("Role", 3)) {
      RightRole.addTo(account, name);
      detachCni(name);
    }

    Report byName = run(Mode.REPAIR, Duration.ZERO, numbered("Role", 3));
    Report byPattern = run(Mode.REPAIR, Duration.ZERO, "Role*", "Named");

    assertThat(byName.counts()).containsOnly(entry(Status.FAILED, 3));
    assertThat(byPattern.roles())
        .extracting(RoleReport::roleName, RoleReport::status)
        .containsExactly(tuple("Named", Status.FAILED), tuple("Role*", Status.FAILED));
    assertThat(byPattern.summary()).contains("out of time");
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void noRepairIsBegunThatCannotEnd() {
    RightRole.addTo(account, NAME);
    detachCni(NAME);

    Report report = run(Mode.REPAIR, Duration.ofMillis(900), NAME);

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.summary()).contains("out of time");
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void anUnreadableAccountFailsEachNameAndPattern() {
    RightRole.addTo(account, "eks-a");
    rig.iam.faults().always("GetAccountAuthorizationDetails", new Fault.Denied());

    Report report = repair("eks-*", NAME);

    assertThat(report.counts()).containsOnly(entry(Status.FAILED, 2));
    assertThat(report.summary()).contains("iam:GetAccountAuthorizationDetails", "AccessDenied");
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void anAccountWhoseMarkersLeadInACircleIsAnErrorThatSaysSo() {
    RightRole.addTo(account, "eks-a");
    rig.iam
        .faults()
        .always(
            "GetAccountAuthorizationDetails",
            new Fault.Rewritten(GuardRig.endlessPages(List.of("AAAA", "AAAB"))));

    Report report = repair("eks-*", NAME);

    assertThat(report.count(Status.FAILED)).isEqualTo(2);
    assertThat(report.summary())
        .contains(
            "iam:GetAccountAuthorizationDetails for the account's roles",
            "a Marker came a second time");
    assertThat(rig.iam.calls()).hasSizeLessThan(10);
    assertThat(rig.writes()).isEmpty();
  }

  static Stream<Fault> passingFaults() {
    return Stream.of(
        new Fault.HtmlPage(),
        new Fault.TruncatedXml(),
        new Fault.EmptyAnswer(),
        new Fault.ConnectionReset());
  }

  @ParameterizedTest
  @MethodSource("passingFaults")
  void aFaultThatPassesWhileTheAccountIsReadIsRiddenOut(Fault fault) {
    RightRole.addTo(account, "eks-a");
    rig.iam.faults().first(2, "GetAccountAuthorizationDetails", fault);

    assertThat(repair("eks-*").counts()).containsOnly(entry(Status.COMPLIANT, 1));
  }

  @Test
  void aPageThatFailsForGoodLeavesNoRoleUntold() {
    for (String name : numbered("Role", 210)) {
      RightRole.addTo(account, name);
    }
    rig.iam.faults().at(2, "GetAccountAuthorizationDetails", new Fault.Denied());

    Report report = repair("Role*");

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.count(Status.COMPLIANT)).isEqualTo(200);
    assertThat(report.roles()).extracting(RoleReport::roleName).containsExactly("Role*");
    assertThat(report.summary()).contains("Not all roles were read");
  }

  @Test
  void anAuditOfManyRolesWritesNothing() {
    for (String name : numbered("Role", 60)) {
      RightRole.addTo(account, name);
    }
    detachCni("Role5");

    Report report = run(Mode.AUDIT, Duration.ofSeconds(60), "Role*");

    assertThat(report.counts()).containsOnly(entry(Status.COMPLIANT, 59), entry(Status.DRIFTED, 1));
    assertThat(report.roles()).hasSize(1);
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void upToFiftyRolesAreAllListed() {
    for (String name : numbered("Role", 50)) {
      RightRole.addTo(account, name);
    }

    assertThat(repair("Role*").roles()).hasSize(50);
    RightRole.addTo(account, "Role50");
    assertThat(repair("Role*").roles()).isEmpty();
  }

  @Test
  void whatTheListShowsIsRepairedWithoutReadingARoleByItsName() {
    for (String name : numbered("Role", 20)) {
      RightRole.addTo(account, name);
      detachCni(name);
    }

    assertThat(repair("Role*").counts()).containsOnly(entry(Status.REPAIRED, 20));

    assertThat(rig.calls())
        .containsOnly("AttachRolePolicy", "GetAccountAuthorizationDetails")
        .hasSize(20 + 2);
  }

  @Test
  void fewRolesOfALargeAccountAreConfirmedByTheirNames() {
    for (String name : numbered("other", 600)) {
      account.createRole(name, EC2_TRUST);
    }
    RightRole.addTo(account, NAME);
    detachCni(NAME);

    assertThat(repair("Node*").counts()).containsOnly(entry(Status.REPAIRED, 1));

    assertThat(rig.calls())
        .contains("GetRole")
        .filteredOn("GetAccountAuthorizationDetails"::equals)
        .hasSize(4);
  }

  @Test
  void changesThatTheListShowsLateAreWaitedForAndNotMadeTwice() {
    for (String name : numbered("Role", 10)) {
      RightRole.addTo(account, name);
      detachCni(name);
    }
    rig.iam.staleReads(Duration.ofMillis(400));

    assertThat(repair("Role*").counts()).containsOnly(entry(Status.REPAIRED, 10));

    assertThat(rig.writes()).hasSize(10);
  }

  @Test
  void theProfileOfARolesNameIsReadWhereNoneHoldsTheRole() {
    for (String name : numbered("Role", 6)) {
      account.createRole(name, EC2_TRUST);
    }
    account.createInstanceProfile("Role1");
    account.createInstanceProfile("Role2");
    account.addRoleToInstanceProfile("Role2", "Role3");
    account.createInstanceProfile("Role4");

    Report report = repair("Role*");

    assertThat(report.counts()).containsOnly(entry(Status.REPAIRED, 5), entry(Status.DRIFTED, 1));
    assertThat(report.roles().getFirst().roleName()).isEqualTo("Role2");
    assertThat(account.getInstanceProfile("Role1").roleName()).contains("Role1");
    assertThat(rig.calls()).doesNotContain("GetRole");
  }

  @Test
  void aRoleThatSomeoneElseChangedMeanwhileGetsANewPlan() {
    for (String name : numbered("Role", 10)) {
      RightRole.addTo(account, name);
      detachCni(name);
    }
    rig.iam
        .faults()
        .at(
            10,
            "AttachRolePolicy",
            Fault.meanwhile(
                () ->
                    account.detachRolePolicy(
                        "Role3", account.awsPolicyArn("AmazonEKSWorkerNodePolicy"))));

    assertThat(repair("Role*").counts()).containsOnly(entry(Status.REPAIRED, 10));

    assertThat(rig.writes()).hasSize(11);
  }

  @Test
  void aRoleDeletedAfterItsRepairIsFailed() {
    for (String name : numbered("Role", 10)) {
      RightRole.addTo(account, name);
      detachCni(name);
    }
    rig.iam
        .faults()
        .at(
            2,
            "GetAccountAuthorizationDetails",
            Fault.meanwhile(() -> account.deleteRoleAndWhatItHas("Role3")));

    Report report = repair("Role*");

    assertThat(report.counts()).containsOnly(entry(Status.REPAIRED, 9), entry(Status.FAILED, 1));
    assertThat(report.roles().getFirst().explanation())
        .contains("The role was deleted meanwhile, and a pattern creates no role.");
  }
}
