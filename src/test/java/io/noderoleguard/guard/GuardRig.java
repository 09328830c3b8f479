package io.noderoleguard.guard;

import io.noderoleguard.aws.CallLimits;
import io.noderoleguard.aws.Pace;
import io.noderoleguard.iam.IamClients;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.local.iam.Call;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.local.iam.LocalClients;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.rig.Guards;
import io.noderoleguard.role.Partition;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleSelection;
import io.noderoleguard.role.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.iam.IamClient;

/** A guard, and the IAM that it guards a role of, over HTTP through the real SDK. */
final class GuardRig implements AutoCloseable {

  static final String NAME = "NodeInstanceRole";
  static final String EC2_TRUST =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
      "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

  /** How a role comes to be checked. */
  enum Way {
    BY_NAME,
    /** By a pattern that matches it alone: what is read first is the account's list. */
    LISTED
  }

  final EmbeddedIam iam;
  final IamClient client;
  final NodeRoleGuard guard;
  private final Partition partition;
  private Way way = Way.BY_NAME;

  GuardRig() {
    this("aws");
  }

  GuardRig(String partition) {
    this(partition, Guards.patience(Duration.ofSeconds(2)));
  }

  GuardRig(String partition, Patience patience) {
    this(partition, patience, CallLimits.DEFAULT);
  }

  GuardRig(String partition, Patience patience, CallLimits limits) {
    this(partition, patience, limits, Guards.QUICK_PACE);
  }

  GuardRig(String partition, Patience patience, CallLimits limits, Pace.Limits pace) {
    this.partition = new Partition(partition);
    this.iam = EmbeddedIam.start(new IamAccount(partition, "123456789012"), 0);
    this.client = LocalClients.pointed(IamClients.builder(limits), iam.endpoint()).build();
    this.guard = new NodeRoleGuard(new IamGateway(client, pace), patience);
  }

  /** From now on, a role is checked in this way. */
  GuardRig checking(Way how) {
    way = how;
    return this;
  }

  /** Puts a role into the account that is right as to {@link Requirements#DEFAULT}. */
  GuardRig withRightRole() {
    return withRightRole("/");
  }

  GuardRig withRightRole(String path) {
    RightRole.addTo(iam.account(), NAME, path);
    return this;
  }

  RoleReport repair() {
    return run(Requirements.DEFAULT, Mode.REPAIR);
  }

  RoleReport run(Requirements requirements, Mode mode) {
    return run(Target.named(NAME), requirements, mode);
  }

  RoleReport run(Target target, Requirements requirements, Mode mode) {
    return run(target, requirements, mode, Duration.ofSeconds(30));
  }

  RoleReport run(Target target, Requirements requirements, Mode mode, Duration time) {
    iam.forgetCalls();
    return check(guard, way, target, requirements, run(mode, time));
  }

  /** The role's report, and not that of the pattern. */
  static RoleReport check(
      NodeRoleGuard guard, Way way, Target target, Requirements requirements, Run run) {
    if (way == Way.BY_NAME) {
      return guard.check(target, requirements, run).roles().getFirst();
    }
    String name = target.name();
    String pattern = "?" + name.substring(1);
    List<String> selected = target.mayCreate() ? List.of(name, pattern) : List.of(pattern);
    return guard.checkAll(RoleSelection.of(selected), requirements, run).roles().stream()
        .filter(role -> role.roleName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  Report runAll(Requirements requirements, Mode mode, Duration time, String... names) {
    iam.forgetCalls();
    return guard.checkAll(RoleSelection.of(List.of(names)), requirements, run(mode, time));
  }

  private Run run(Mode mode, Duration time) {
    return new Run(mode, Guards.homeIn(partition), Budget.of(time), new Cause.Asked());
  }

  List<String> writes() {
    return iam.writes().stream().map(Call::action).toList();
  }

  List<String> calls() {
    return iam.calls().stream().map(Call::action).sorted().toList();
  }

  /** Makes of each page one that is followed by another, with these markers in turn. */
  static UnaryOperator<String> endlessPages(List<String> markers) {
    AtomicInteger page = new AtomicInteger();
    return body ->
        body.replaceFirst(
            "<IsTruncated>.*?</IsTruncated>(<Marker>.*?</Marker>)?",
            "<IsTruncated>true</IsTruncated><Marker>%s</Marker>"
                .formatted(markers.get(page.getAndIncrement() % markers.size())));
  }

  /** Takes an element, wherever it is, out of an answer. */
  static UnaryOperator<String> without(String element) {
    return body -> body.replaceAll("(?s)<%1$s>.*?</%1$s>|<%1$s/>".formatted(element), "");
  }

  @Override
  public void close() {
    iam.close();
  }
}
