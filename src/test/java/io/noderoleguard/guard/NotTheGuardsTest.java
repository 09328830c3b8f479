package io.noderoleguard.guard;

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
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.Path.RolePathDiffers;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleSelection.NothingGuarded;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is not the guard's gets no write, and what guards nothing is said. */
final class NotTheGuardsTest {

  private static final String FEDERATED =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":
      "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
      "Action":"sts:AssumeRoleWithWebIdentity"}]}""";

  private static final Requirements UNDER_NODES =
      new Requirements(
          Optional.of("/nodes/"), Requirements.DEFAULT_POLICIES, Optional.empty(), Map.of());

  private final GuardRig rig = new GuardRig();
  private final IamAccount account = rig.iam.account();

  @AfterEach
  void close() {
    rig.close();
  }

  private Report repair(Requirements requirements, String... names) {
    return rig.runAll(requirements, Mode.REPAIR, Duration.ofSeconds(30), names);
  }

  @Test
  void aRoleUnderAnotherPathGetsNoWriteAndOnlyThatIsReported() {
    rig.client.createRole(
        create -> create.roleName("eks-deployer").path("/ci/").assumeRolePolicyDocument(FEDERATED));

    Report report = repair(UNDER_NODES, "eks-deployer");

    RoleReport role = report.roles().getFirst();
    assertThat(role.status()).isEqualTo(Status.DRIFTED);
    assertThat(role.findings()).containsExactly(new RolePathDiffers("/ci/", "/nodes/"));
    assertThat(rig.iam.writes()).isEmpty();
  }

  @Test
  void toAPatternARoleUnderAnotherPathIsAnotherRole() {
    rig.client.createRole(
        create -> create.roleName("eks-deployer").path("/ci/").assumeRolePolicyDocument(FEDERATED));
    RightRole.addTo(account, "eks-nodes", "/nodes/");

    Report report = repair(UNDER_NODES, "eks-*");

    assertThat(report.roles()).extracting(RoleReport::roleName).containsExactly("eks-nodes");
    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.iam.calls())
        .extracting(Call::action)
        .containsExactly("GetAccountAuthorizationDetails");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aPatternThatMatchesNothingIsDrift(Mode mode) {
    RightRole.addTo(account, "eks-a");

    Report report =
        rig.runAll(Requirements.DEFAULT, mode, Duration.ofSeconds(30), "eks-*", "esk-*");

    assertThat(report.counts()).containsOnly(entry(Status.COMPLIANT, 1), entry(Status.DRIFTED, 1));
    assertThat(report.roles().getFirst().findings())
        .extracting(Finding::type, Finding::details)
        .containsExactly(tuple("NothingGuarded", Map.of("pattern", "esk-*")));
    assertThat(report.summary()).contains("The pattern esk-* matches no role: it guards nothing.");
  }

  @Test
  void aPatternWhoseRolesAreUnderAnotherPathGuardsNothingAndTheMessageNamesThePath() {
    RightRole.addTo(account, "eks-a");

    Report report = repair(UNDER_NODES, "eks-*");

    assertThat(report.roles().getFirst().findings())
        .containsExactly(new NothingGuarded("eks-*", Optional.of("/nodes/")));
    assertThat(report.summary()).contains("under the path /nodes/");
  }

  @ParameterizedTest
  @CsvSource({"NodeInstanceRole, nodeinstancerole", "NODEINSTANCEROLE, NodeInstanceRole"})
  void namesThatDifferInLetterCaseAreOneRole(String first, String second) {
    RightRole.addTo(account, NAME);

    Report report = repair(Requirements.DEFAULT, first, second);

    assertThat(report.roles()).extracting(RoleReport::roleName).containsExactly(first);
    assertThat(rig.iam.calls()).filteredOn(call -> call.action().equals("GetRole")).hasSize(1);
  }

  @Test
  void anUnreadableDocumentOfAnUnguardedRoleDoesNotMatter() {
    RightRole.addTo(account, "eks-a");
    account.createRole("Other", GuardRig.EC2_TRUST);
    rig.iam
        .faults()
        .always(
            "GetAccountAuthorizationDetails",
            new Fault.Rewritten(
                body ->
                    body.replaceFirst(
                        "(?s)(<RoleName>Other</RoleName>.*?<AssumeRolePolicyDocument>)[^<]*",
                        "$1%zz")));

    assertThat(repair(Requirements.DEFAULT, "eks-*").status()).isEqualTo(Status.COMPLIANT);
  }

  @Test
  void anUnreadableDocumentOfAGuardedRoleFailsThatRoleAlone() {
    for (String name : List.of("eks-a", "eks-b")) {
      RightRole.addTo(account, name);
    }
    rig.iam
        .faults()
        .always(
            "GetAccountAuthorizationDetails",
            new Fault.Rewritten(
                body ->
                    body.replaceFirst(
                        "(?s)(<RoleName>eks-b</RoleName>.*?<AssumeRolePolicyDocument>)[^<]*",
                        "$1%zz")));

    Report report = repair(Requirements.DEFAULT, "eks-*");

    assertThat(report.counts()).containsOnly(entry(Status.COMPLIANT, 1), entry(Status.FAILED, 1));
    assertThat(report.roles().getFirst().roleName()).isEqualTo("eks-b");
  }
}
