package io.noderoleguard.rig;

import io.noderoleguard.aws.Pace;
import io.noderoleguard.eks.EksClients;
import io.noderoleguard.eks.EksGateway;
import io.noderoleguard.guard.Explainer;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Patience;
import io.noderoleguard.iam.IamClients;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.local.eks.LocalEksClients;
import io.noderoleguard.local.iam.LocalClients;
import io.noderoleguard.role.Home;
import io.noderoleguard.role.Partition;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Guards of an IAM on this machine, which they reach over HTTP by the function's own client. */
public final class Guards {

  /** So quick that no test waits for it, and with short pauses when IAM asks for fewer calls. */
  public static final Pace.Limits QUICK_PACE =
      new Pace.Limits(1_000, 200, 100, 16, Duration.ofMillis(10), Duration.ofMillis(50));

  /** Where the guard runs: in the embedded IAM's account. */
  public static final Home HOME = homeIn(Partition.AWS);

  private Guards() {}

  /** The embedded IAM's account in another partition. */
  public static Home homeIn(Partition partition) {
    return new Home(partition, Optional.of("123456789012"), Optional.of("eu-central-1"));
  }

  public static NodeRoleGuard at(URI endpoint, Patience patience) {
    return new NodeRoleGuard(gateway(endpoint), patience);
  }

  /** A guard that can check clusters, too. */
  public static NodeRoleGuard at(URI endpoint, URI eks, Patience patience) {
    return new NodeRoleGuard(
        gateway(endpoint), patience, Explainer.WITHOUT_HISTORY, () -> eksGateway(eks));
  }

  private static EksGateway eksGateway(URI endpoint) {
    return new EksGateway(
        region -> LocalEksClients.pointed(EksClients.builder(), endpoint, region).build(),
        QUICK_PACE);
  }

  /** One that says who changed a role. */
  public static NodeRoleGuard at(URI endpoint, Patience patience, Explainer explainer) {
    return new NodeRoleGuard(
        gateway(endpoint),
        patience,
        explainer,
        () -> {
          throw new IllegalStateException("no test with an explainer checks clusters");
        });
  }

  public static IamGateway gateway(URI endpoint) {
    return new IamGateway(LocalClients.pointed(IamClients.builder(), endpoint).build());
  }

  /** Short pauses, and so long at most until a change is visible. */
  public static Patience patience(Duration limit) {
    return new Patience(Duration.ofMillis(5), Duration.ofMillis(50), limit);
  }
}
