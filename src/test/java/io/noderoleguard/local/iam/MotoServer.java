package io.noderoleguard.local.iam;

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

/** <a href="https://docs.getmoto.org">moto</a>: a stranger's IAM, in a process of its own. */
public final class MotoServer implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);

  private final Process process;
  private final int port;

  private MotoServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts moto with AWS's managed policies. Where {@code moto_server} is not on the PATH, the test
   * is reported as skipped.
   *
   * @param purpose what is then not done, as a clause
   */
  public static MotoServer startOrSkip(String purpose) throws IOException, InterruptedException {
    if (Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .noneMatch(folder -> Files.isExecutable(Path.of(folder, "moto_server")))) {
      abort("moto_server is not on the PATH: " + purpose);
    }
    int port = freePort();
    ProcessBuilder command =
        new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", String.valueOf(port))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    command.environment().put("MOTO_IAM_LOAD_MANAGED_POLICIES", "true");
    MotoServer moto = new MotoServer(command.start(), port);
    moto.awaitStart();
    return moto;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  private void awaitStart() throws InterruptedException {
    Instant latest = Instant.now().plus(START);
    while (!isListening()) {
      if (!process.isAlive() || Instant.now().isAfter(latest)) {
        close();
        throw new IllegalStateException("moto_server did not start within " + START);
      }
      Thread.sleep(Duration.ofMillis(50));
    }
  }

  private boolean isListening() {
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
