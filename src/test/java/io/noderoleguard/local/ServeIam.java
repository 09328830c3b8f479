package io.noderoleguard.local;

import io.noderoleguard.local.eks.EksAccount;
import io.noderoleguard.local.eks.EmbeddedEks;
import io.noderoleguard.local.iam.DriftedRole;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.IamAccount;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Serves an {@link EmbeddedIam}, and an EKS beside it, to other programs: {@code exec:exec@iam}.
 */
final class ServeIam {

  private ServeIam() {}

  /**
   * Serves an account until the process is ended.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) throws InterruptedException {
    switch (ServeIamOptions.parse(args)) {
      case ServeIamOptions.Help() -> System.out.print(ServeIamOptions.USAGE);
      case ServeIamOptions.Wrong(List<String> errors) -> {
        errors.forEach(System.err::println);
        System.err.print(ServeIamOptions.USAGE);
        System.exit(2);
      }
      case ServeIamOptions.Serve options -> serve(options);
    }
  }

  private static void serve(ServeIamOptions.Serve options) throws InterruptedException {
    IamAccount account = new IamAccount(options.partition(), options.accountId());
    if (options.drifted()) {
      DriftedRole.addTo(account);
    }
    try {
      EmbeddedIam iam = EmbeddedIam.start(account, options.host(), options.port());
      EmbeddedEks eks = EmbeddedEks.start(account, options.host(), options.eksPort());
      if (options.drifted()) {
        addStaleEntry(eks.account(), options.region(), account.getRole(DriftedRole.NAME).arn());
      }
      System.out.print(options.welcome(iam.endpoint(), eks.endpoint()));
      System.out.flush();
    } catch (UncheckedIOException e) {
      System.err.println(e.getMessage() + ": " + e.getCause());
      System.exit(1);
      return;
    }
    Optional<ProcessHandle> parent = ProcessHandle.current().parent();
    if (Boolean.getBoolean("end.with.parent") && parent.isPresent()) {
      // Maven cannot end what it started when it is killed itself.
      parent.get().onExit().join();
      System.exit(0);
    }
    Thread.currentThread().join();
  }

  /** As if the role had been deleted and created again since the cluster got its nodes. */
  private static void addStaleEntry(EksAccount clusters, String region, String roleArn) {
    String cluster = ServeIamOptions.CLUSTER;
    clusters.createCluster(region, cluster, "API");
    clusters.createEntry(region, cluster, roleArn, "EC2_LINUX", Map.of());
    clusters.backdateAll(roleArn, Instant.now().minus(Duration.ofDays(30)));
  }
}
