package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.guard.Budget;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Run;
import io.noderoleguard.local.eks.EksAccount;
import io.noderoleguard.local.eks.EksEntry;
import io.noderoleguard.local.eks.EksNodegroup;
import io.noderoleguard.local.eks.EmbeddedEks;
import io.noderoleguard.local.iam.DriftedRole;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.Status;
import io.noderoleguard.rig.Guards;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.ClusterSelection;
import io.noderoleguard.role.EffectUse;
import io.noderoleguard.role.ExtraPolicyUse;
import io.noderoleguard.role.InstanceProfileUse;
import io.noderoleguard.role.Kinds;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleSelection;
import io.noderoleguard.role.Target;
import io.noderoleguard.template.GuardCalls.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That the list of the guard's calls is what the guard calls. */
final class GuardCallsTest {

  private static final String DEBUG =
      """
      {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}""";

  private final List<Class<?>> changes = new ArrayList<>();

  @Test
  void theGuardMakesTheCallsOfTheListAndNoOther() {
    Set<String> called = new TreeSet<>();
    try (EmbeddedIam iam = EmbeddedIam.start()) {
      Requirements requirements =
          new Requirements(
              Optional.empty(),
              Requirements.DEFAULT_POLICIES,
              Optional.empty(),
              InstanceProfileUse.ENSURE,
              Optional.of(iam.account().awsPolicyArn("PowerUserAccess")),
              Map.of("team", "nodes"),
              ExtraPolicyUse.REMOVE,
              List.of(),
              EffectUse.VERIFY);
      repair(iam, requirements);
      iam.account().deleteRoleAndWhatItHas(DriftedRole.NAME);
      DriftedRole.addTo(iam.account());
      iam.account()
          .attachRolePolicy(DriftedRole.NAME, iam.account().awsPolicyArn("ReadOnlyAccess"));
      iam.account().putRolePolicy(DriftedRole.NAME, "Debug", DEBUG);
      repair(iam, requirements);
      sweep(iam, requirements);
      called.addAll(ofClusters(iam));
      iam.calls().forEach(call -> called.add("iam:" + call.action()));
    }

    assertThat(Set.copyOf(changes)).isEqualTo(Set.copyOf(Kinds.of(Change.class)));
    assertThat(called).isEqualTo(listed());
  }

  private void repair(EmbeddedIam iam, Requirements requirements) {
    Report report = guard(iam).check(Target.named(DriftedRole.NAME), requirements, run());
    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    report.roles().getFirst().changes().stream()
        .map(ChangeResult::change)
        .map(Change::getClass)
        .forEach(changes::add);
  }

  private static void sweep(EmbeddedIam iam, Requirements requirements) {
    Report report =
        guard(iam).checkAll(RoleSelection.of(List.of(DriftedRole.NAME + "*")), requirements, run());
    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
  }

  /** The calls to EKS of a repair of Auto Mode's entry. */
  private Set<String> ofClusters(EmbeddedIam iam) {
    String region = "us-east-1";
    try (EmbeddedEks eks = EmbeddedEks.start(iam.account())) {
      String role = iam.account().getRole(DriftedRole.NAME).arn();
      EksAccount clusters = eks.account();
      clusters.createCluster(region, "prod", "API");
      clusters.putNodegroup(region, "prod", new EksNodegroup("blue", role, List.of()));
      clusters.createEntry(region, "prod", role, "EC2", Map.of());
      clusters.associate(
          region,
          "prod",
          role,
          new EksEntry.Policy(EksAccount.AUTO_NODE_POLICY, "cluster", List.of()));
      clusters.backdateAll(role, Instant.EPOCH);
      Report report =
          Guards.at(iam.endpoint(), eks.endpoint(), Guards.patience(Duration.ofSeconds(2)))
              .checking(ClusterSelection.of(List.of("p*")))
              .check(Target.named(DriftedRole.NAME), Requirements.DEFAULT, run());
      report.roles().getFirst().changes().stream()
          .map(ChangeResult::change)
          .map(Change::getClass)
          .forEach(changes::add);
      return eks.calls().stream().map(call -> "eks:" + call.action()).collect(Collectors.toSet());
    }
  }

  private static Run run() {
    return new Run(Mode.REPAIR, Guards.HOME, Budget.of(Duration.ofSeconds(30)), new Cause.Asked());
  }

  private static NodeRoleGuard guard(EmbeddedIam iam) {
    return Guards.at(iam.endpoint(), Guards.patience(Duration.ofSeconds(2)));
  }

  /** All but iam:PassRole, which is a permission and no call. */
  private static Set<String> listed() {
    Set<String> listed = new TreeSet<>(GuardCalls.clusterReads());
    listed.addAll(GuardCalls.accessEntryWrites());
    Stream.of(
            GuardCalls.reads(),
            GuardCalls.readsOfPatterns(),
            GuardCalls.readsOfEmptyProfiles(),
            GuardCalls.writes(List.of("")),
            GuardCalls.readsOfOtherPolicies(),
            GuardCalls.removals(List.of("")),
            GuardCalls.boundaryWrites(""),
            GuardCalls.tagWrites())
        .flatMap(List::stream)
        .map(Call::action)
        .filter(action -> !action.equals("iam:PassRole"))
        .forEach(listed::add);
    return listed;
  }
}
