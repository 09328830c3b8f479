package io.noderoleguard.guard;

import io.noderoleguard.iam.CallLimits;
import io.noderoleguard.iam.IamClients;
import io.noderoleguard.iam.IamRoles;
import io.noderoleguard.local.Call;
import io.noderoleguard.local.EmbeddedIam;
import io.noderoleguard.local.IamAccount;
import io.noderoleguard.local.RightRole;
import io.noderoleguard.role.NodeRoleSpec;
import io.noderoleguard.role.Partition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;

/** A guard, and the IAM that it guards a role of, over HTTP through the real SDK. */
final class GuardRig implements AutoCloseable {

  static final String NAME = "NodeInstanceRole";
  static final String EC2_TRUST =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
      "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

  final EmbeddedIam iam;
  final IamClient client;
  final NodeRoleGuard guard;
  private final Partition partition;

  GuardRig() {
    this("aws");
  }

  GuardRig(String partition) {
    this(
        partition,
        new Patience(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofSeconds(2)));
  }

  GuardRig(String partition, Patience patience) {
    this(partition, patience, CallLimits.DEFAULT);
  }

  GuardRig(String partition, Patience patience, CallLimits limits) {
    this.partition = new Partition(partition);
    this.iam = EmbeddedIam.start(new IamAccount(partition, "123456789012"), 0);
    this.client =
        IamClients.builder(limits)
            .endpointOverride(iam.endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")))
            .build();
    this.guard = new NodeRoleGuard(new IamRoles(client), patience);
  }

  static NodeRoleSpec spec() {
    return new NodeRoleSpec(
        NAME, Optional.empty(), NodeRoleSpec.DEFAULT_POLICIES, Optional.empty(), Map.of());
  }

  /** Puts a role into the account that is right as to {@link #spec()}. */
  GuardRig withRightRole() {
    return withRightRole("/");
  }

  GuardRig withRightRole(String path) {
    RightRole.addTo(iam.account(), NAME, path);
    return this;
  }

  RoleReport repair() {
    return run(spec(), Mode.REPAIR);
  }

  RoleReport run(NodeRoleSpec spec, Mode mode) {
    return run(spec, true, mode);
  }

  RoleReport run(NodeRoleSpec spec, boolean mayCreate, Mode mode) {
    iam.forgetCalls();
    return guard.check(spec, mayCreate, mode, partition, Budget.of(Duration.ofSeconds(30)));
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

  @Override
  public void close() {
    iam.close();
  }
}
