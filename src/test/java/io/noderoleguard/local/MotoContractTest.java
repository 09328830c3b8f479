package io.noderoleguard.local;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The contract on <a href="https://docs.getmoto.org">moto</a>, where {@code moto_server} is on the
 * PATH.
 */
final class MotoContractTest extends IamContractTest {

  private static final Duration START = Duration.ofSeconds(60);

  private static @Nullable Process moto;
  private static int port;

  @BeforeAll
  static void startMoto() throws IOException, InterruptedException {
    if (Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .noneMatch(folder -> Files.isExecutable(Path.of(folder, "moto_server")))) {
      abort("moto_server is not on the PATH: the contract is not checked on moto");
    }
    port = freePort();
    ProcessBuilder command =
        new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", String.valueOf(port))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    command.environment().put("MOTO_IAM_LOAD_MANAGED_POLICIES", "true");
    Process started = command.start();
    moto = started;
    awaitStart(started);
  }

  @AfterAll
  static void stopMoto() {
    Process started = moto;
    if (started != null) {
      started.descendants().forEach(ProcessHandle::destroy);
      started.destroy();
    }
  }

  @Override
  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  private static void awaitStart(Process started) throws InterruptedException {
    Instant latest = Instant.now().plus(START);
    while (!isListening()) {
      if (!started.isAlive() || Instant.now().isAfter(latest)) {
        throw new IllegalStateException("moto_server did not start within " + START);
      }
      Thread.sleep(Duration.ofMillis(50));
    }
  }

  private static boolean isListening() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
