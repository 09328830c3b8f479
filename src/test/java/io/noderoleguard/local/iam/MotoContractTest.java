package io.noderoleguard.local.iam;

import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on moto. */
final class MotoContractTest extends IamContractTest {

  private static @Nullable MotoServer moto;
  private static URI endpoint = URI.create("http://127.0.0.1:1");

  @BeforeAll
  static void startMoto() throws IOException, InterruptedException {
    MotoServer started = MotoServer.startOrSkip("the contract is not checked on moto");
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
}
