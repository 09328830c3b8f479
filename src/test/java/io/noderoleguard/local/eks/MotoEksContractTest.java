package io.noderoleguard.local.eks;

import io.noderoleguard.local.iam.MotoServer;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on moto, which has clusters and node groups, but no access entries. */
final class MotoEksContractTest extends EksContractTest {

  private static @Nullable MotoServer moto;
  private static URI endpoint = URI.create("http://127.0.0.1:1");

  @BeforeAll
  static void startMoto() throws IOException, InterruptedException {
    MotoServer started = MotoServer.startOrSkip("the contract of EKS is not checked on moto");
    moto = started;
    endpoint = started.endpoint();
  }

  @AfterAll
  static void stopMoto() {
    if (moto != null) {
      moto.close();
    }
  }

  @Override
  URI endpoint() {
    return endpoint;
  }

  @Override
  boolean hasCodes() {
    return false;
  }

  @Override
  void arrange(String nodeRole, String... nodegroups) {
    eks.createCluster(
        create ->
            create
                .name(name)
                .roleArn("arn:aws:iam::123456789012:role/Cluster")
                .resourcesVpcConfig(vpc -> vpc.subnetIds("subnet-1", "subnet-2")));
    for (String group : nodegroups) {
      eks.createNodegroup(
          create ->
              create
                  .clusterName(name)
                  .nodegroupName(group)
                  .nodeRole(nodeRole)
                  .subnets("subnet-1", "subnet-2"));
    }
  }
}
