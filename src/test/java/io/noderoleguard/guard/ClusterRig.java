package io.noderoleguard.guard;

import io.noderoleguard.aws.CallLimits;
import io.noderoleguard.aws.Pace;
import io.noderoleguard.eks.EksClients;
import io.noderoleguard.eks.EksGateway;
import io.noderoleguard.iam.IamClients;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.local.eks.EksAccount;
import io.noderoleguard.local.eks.EksCall;
import io.noderoleguard.local.eks.EksEntry;
import io.noderoleguard.local.eks.EmbeddedEks;
import io.noderoleguard.local.eks.LocalEksClients;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.local.iam.LocalClients;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.rig.Guards;
import io.noderoleguard.role.ClusterSelection;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleSelection;
import io.noderoleguard.role.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** A guard, and the IAM and the EKS of the account whose roles and clusters it looks after. */
final class ClusterRig implements AutoCloseable {

  static final String NAME = "NodeInstanceRole";
  static final String ARN = "arn:aws:iam::123456789012:role/" + NAME;
  static final String REGION = "us-east-1";
  static final String CLUSTER = "prod";

  final EmbeddedIam iam = EmbeddedIam.start(new IamAccount("aws", "123456789012"), 0);
  final EmbeddedEks eks = EmbeddedEks.start(iam.account());
  final NodeRoleGuard guard;

  ClusterRig() {
    this(CallLimits.DEFAULT, Guards.QUICK_PACE, Guards.patience(Duration.ofSeconds(2)));
  }

  ClusterRig(CallLimits limits, Pace.Limits pace, Patience patience) {
    this.guard =
        new NodeRoleGuard(
            new IamGateway(
                LocalClients.pointed(IamClients.builder(limits), iam.endpoint()).build(),
                Guards.QUICK_PACE),
            patience,
            Explainer.WITHOUT_HISTORY,
            () ->
                new EksGateway(
                    region ->
                        LocalEksClients.pointed(EksClients.builder(limits), eks.endpoint(), region)
                            .build(),
                    pace));
  }

  EksAccount clusters() {
    return eks.account();
  }

  /** A right role, and a cluster with an entry of it. */
  ClusterRig withEntry(String type) {
    RightRole.addTo(iam.account(), NAME, "/");
    clusters().createCluster(REGION, CLUSTER, "API");
    addEntry(CLUSTER, ARN, type);
    return this;
  }

  void addEntry(String cluster, String arn, String type) {
    clusters().createEntry(REGION, cluster, arn, type, Map.of("team", "nodes"));
    if (type.equals("EC2")) {
      clusters()
          .associate(
              REGION,
              cluster,
              arn,
              new EksEntry.Policy(EksAccount.AUTO_NODE_POLICY, "cluster", List.of()));
    }
  }

  /** Someone deletes the role and creates it again, an hour after its entries were created. */
  void recreateRole() {
    forgetRole();
    RightRole.addTo(iam.account(), NAME, "/");
  }

  /** Someone deletes the role, an hour after its entries were created. */
  void forgetRole() {
    iam.account().deleteRoleAndWhatItHas(NAME);
    if (iam.account().instanceProfile(NAME).isPresent()) {
      iam.account().deleteInstanceProfile(NAME);
    }
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS).minus(Duration.ofHours(1));
    clusters().backdateAll(ARN, before);
  }

  boolean canJoin() {
    return clusters().admits(REGION, CLUSTER, ARN);
  }

  RoleReport repair() {
    return check(Mode.REPAIR, Duration.ofSeconds(30), "*").of(NAME);
  }

  Report check(Mode mode, Duration time, String... clusters) {
    forgetCalls();
    return guard
        .checking(ClusterSelection.of(List.of(clusters)))
        .check(Target.named(NAME), Requirements.DEFAULT, run(mode, time));
  }

  Report checkAll(Mode mode, List<String> roles, String... clusters) {
    forgetCalls();
    return guard
        .checking(ClusterSelection.of(List.of(clusters)))
        .checkAll(RoleSelection.of(roles), Requirements.DEFAULT, run(mode, Duration.ofSeconds(60)));
  }

  private static Run run(Mode mode, Duration time) {
    return new Run(mode, Guards.HOME, Budget.of(time), new Cause.Asked());
  }

  private void forgetCalls() {
    iam.forgetCalls();
    eks.forgetCalls();
  }

  List<String> writes() {
    return eks.writes().stream().map(EksCall::action).toList();
  }

  @Override
  public void close() {
    eks.close();
    iam.close();
  }
}
