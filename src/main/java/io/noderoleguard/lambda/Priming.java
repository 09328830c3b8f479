package io.noderoleguard.lambda;

import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Rehearsal;
import io.noderoleguard.guard.Report;
import io.noderoleguard.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares a check while the function starts: most of a first check is the loading of classes. Two
 * threads share the work, since Lambda lets a function have two cores while it starts. Under
 * SnapStart a whole check is rehearsed before the snapshot is taken, so that a restored function
 * has little left to load but the rest of a TLS handshake.
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
  private final CountDownLatch logIsUp = new CountDownLatch(1);
  private final Thread beside;

  private Priming(Supplier<NodeRoleGuard> guard) {
    this.guard = new Once<>(guard);
    // A platform thread: loading classes would pin a virtual one to its carrier.
    this.beside = Thread.ofPlatform().daemon().name("priming").unstarted(this::makeTheGuard);
  }

  /** Begins, starts the log, and gives the guard to whoever asks for it. */
  static Priming begin(Supplier<NodeRoleGuard> guard) {
    Priming priming = new Priming(guard);
    priming.beside.start();
    LogPlugins.startTheLog();
    priming.logIsUp.countDown();
    attempt("a report", Priming::readAndReport);
    if (SNAP_START) {
      Core.getGlobalContext().register(priming);
    }
    return priming;
  }

  @Override
  public NodeRoleGuard get() {
    return guard.get();
  }

  private void makeTheGuard() {
    attempt(
        "a call",
        () -> {
          try {
            JdkParts.load();
          } finally {
            // Whoever asks for a logger while another thread is finding the provider gets one that
            // may lose lines: https://www.slf4j.org/codes.html#substituteLogger
            logIsUp.await();
          }
        });
    attempt(
        "the guard",
        () -> {
          NodeRoleGuard _ = guard.get();
        });
  }

  private static void readAndReport() throws IOException {
    String event = "{\"mode\":\"Audit\"}";
    Event.read(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), false);
    write(Rehearsal.ofAComparison());
  }

  private static void write(Report report) {
    Json.write(ReportJson.of(report));
  }

  private interface Preparation {
    void run() throws Exception;
  }

  private static void attempt(String what, Preparation preparation) {
    try {
      preparation.run();
    } catch (Exception | Error failed) {
      log().warn("The preparation of {} failed", what, failed);
    }
  }

  private static Logger log() {
    return LoggerFactory.getLogger(Priming.class);
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
    beside.join();
    attempt("a check", () -> write(Rehearsal.ofACheck(LIMIT)));
    // The first line of a log takes 50 ms, of whatever it tells.
    log().info("A check was rehearsed for the snapshot.");
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {}
}
