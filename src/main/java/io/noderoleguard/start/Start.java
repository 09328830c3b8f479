package io.noderoleguard.start;

import io.noderoleguard.guard.Budget;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Rehearsal;
import io.noderoleguard.guard.TimedWork;
import io.noderoleguard.report.Report;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;

/**
 * Prepares a check while the function starts: most of a first check is the loading of classes. Two
 * threads share the work, since Lambda lets a function have two cores while it starts. Under
 * SnapStart a whole check is rehearsed before the snapshot is taken, so that a restored function
 * has little left to load and to compile.
 *
 * <p>No call leaves the machine, no credentials are looked up, and nothing that should be unique is
 * kept. What fails here is tried again by whoever needs it.
 */
public final class Start implements Supplier<NodeRoleGuard>, Resource {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** For a snapshot: a handshake is arithmetic, which the JVM compiles when it is done often. */
  private static final int HANDSHAKES = 10;

  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
  private static final boolean SNAP_START =
      "snap-start".equals(System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE"));

  private final Supplier<NodeRoleGuard> newGuard;
  private final Consumer<Report> writer;
  private final Thread secondThread;
  private @Nullable NodeRoleGuard guard;

  private Start(Supplier<NodeRoleGuard> newGuard, Consumer<Report> writer) {
    this.newGuard = newGuard;
    this.writer = writer;
    // A platform thread: loading classes would pin a virtual one to its carrier.
    this.secondThread = Thread.ofPlatform().daemon().name("start").unstarted(this::withoutTheLog);
  }

  /**
   * Begins, makes the guard, and gives it to whoever asks for it. All of this is done while Lambda
   * still gives the start more of a CPU than the function's memory size would.
   *
   * @param newGuard makes the guard; asked again later if it fails
   * @param writer renders a report, and is rehearsed too
   */
  public static Supplier<NodeRoleGuard> of(
      Supplier<NodeRoleGuard> newGuard, Consumer<Report> writer) {
    Start start = new Start(newGuard, writer);
    start.secondThread.start();
    startTheLog();
    attempt("the guard", start::get);
    if (SNAP_START) {
      Core.getGlobalContext().register(start);
    }
    return start;
  }

  @Override
  public synchronized NodeRoleGuard get() {
    NodeRoleGuard made = guard;
    if (made == null) {
      made = newGuard.get();
      guard = made;
    }
    return made;
  }

  /** Powertools looks for its own part of it when it is first asked for anything. */
  private static void startTheLog() {
    Logger _ = log();
    PowertoolsLogging.clearState(false);
  }

  /**
   * What asks for no logger: whoever does while another thread is starting the log gets one that <a
   * href="https://www.slf4j.org/codes.html#substituteLogger">may lose lines</a>.
   */
  private void withoutTheLog() {
    attempt("a call", CallPreload::load);
    attempt("a report", () -> writer.accept(Rehearsal.ofAComparison()));
    attempt("a handshake", HandshakePreload::load);
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
    return LoggerFactory.getLogger(Start.class);
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
    secondThread.join();
    for (int i = 0; i < HANDSHAKES; i++) {
      attempt("a handshake", HandshakePreload::load);
    }
    attempt(
        "a check",
        () -> writer.accept(TimedWork.call(Budget.of(LIMIT), () -> Rehearsal.ofACheck(LIMIT))));
    // The first line of a log takes 50 ms, whatever it says.
    log().info("A check was rehearsed for the snapshot.");
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {}
}
