package io.noderoleguard.lambda;

import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Report;
import io.noderoleguard.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Makes the guard and rehearses a check while the function starts, beside what else the start
 * takes: most of a first check is the loading of classes. Under SnapStart it is all done before the
 * snapshot is taken, so that a restored function has nothing left to load.
 *
 * <p>No call leaves the machine, no credentials are looked up, and nothing that should be unique is
 * made. What fails here is tried again by whoever needs it.
 */
final class Priming implements Supplier<NodeRoleGuard>, Resource {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
  private static final boolean SNAP_START =
      "snap-start".equals(System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE"));

  private final Supplier<NodeRoleGuard> guard;
  private final Thread beside;

  private Priming(Supplier<NodeRoleGuard> guard) {
    this.guard = new Once<>(guard);
    // A platform thread: loading classes would pin a virtual one to its carrier.
    this.beside = Thread.ofPlatform().daemon().name("priming").unstarted(this::rehearse);
  }

  /** Begins, and gives the guard to whoever asks for it. */
  static Priming begin(Supplier<NodeRoleGuard> guard) {
    Priming priming = new Priming(guard);
    // Whoever asks for a logger while another thread is finding the provider gets one that may lose
    // lines: https://www.slf4j.org/codes.html#substituteLogger
    ILoggerFactory _ = LoggerFactory.getILoggerFactory();
    priming.beside.start();
    if (SNAP_START) {
      Core.getGlobalContext().register(priming);
    }
    return priming;
  }

  @Override
  public NodeRoleGuard get() {
    return guard.get();
  }

  private void rehearse() {
    try {
      NodeRoleGuard _ = guard.get();
      Report report = NodeRoleGuard.rehearse(LIMIT);
      Json.write(ReportJson.of(report));
    } catch (RuntimeException | Error failed) {
      LoggerFactory.getLogger(Priming.class).warn("The rehearsal of a check failed", failed);
    }
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
    beside.join();
    rehearse();
    readAnEvent();
    prepareTls();
    // The first line of a log takes 50 ms, of whatever it tells.
    LoggerFactory.getLogger(Priming.class).info("A check was rehearsed for the snapshot.");
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {}

  private static void readAnEvent() throws IOException {
    String event = "{\"mode\":\"Audit\"}";
    Event.read(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), false);
  }

  /** Loads the JDK's HTTPS client and its trusted certificates, and connects to nothing. */
  private static void prepareTls() throws IOException, NoSuchAlgorithmException {
    SSLContext.getDefault().createSSLEngine();
    URI.create("https://iam.amazonaws.com").toURL().openConnection();
  }
}
