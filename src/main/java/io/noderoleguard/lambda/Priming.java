package io.noderoleguard.lambda;

import io.noderoleguard.guard.Budget;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Rehearsal;
import io.noderoleguard.guard.Report;
import io.noderoleguard.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
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
final class Priming implements Supplier<NodeRoleGuard>, Resource {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** For a snapshot: a handshake is arithmetic, which the JVM compiles when it is done often. */
  private static final int HANDSHAKES = 10;

  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
  private static final boolean SNAP_START =
      "snap-start".equals(System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE"));

  private final Supplier<NodeRoleGuard> guard;
  private final Thread beside;

  private Priming(Supplier<NodeRoleGuard> guard) {
    this.guard = new Once<>(guard);
    // A platform thread: loading classes would pin a virtual one to its carrier.
    this.beside = Thread.ofPlatform().daemon().name("priming").unstarted(Priming::withoutTheLog);
  }

  /**
   * Begins, makes the guard, and gives it to whoever asks for it. All of this is done while Lambda
   * still gives the start more of a CPU than the function's memory size would.
   */
  static Priming begin(Supplier<NodeRoleGuard> guard) {
    Priming priming = new Priming(guard);
    priming.beside.start();
    startTheLog();
    attempt(
        "the guard",
        () -> {
          NodeRoleGuard _ = priming.get();
        });
    if (SNAP_START) {
      Core.getGlobalContext().register(priming);
    }
    return priming;
  }

  @Override
  public NodeRoleGuard get() {
    return guard.get();
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
  private static void withoutTheLog() {
    attempt("a call", JdkParts::load);
    attempt("a report", Priming::readAndReport);
    attempt("a handshake", Priming::prepareAHandshake);
  }

  private static void prepareAHandshake() throws GeneralSecurityException, SSLException {
    if (callsOverTls(System.getenv())) {
      HandshakeParts.load();
    }
  }

  // Elsewhere than on AWS, as under `sam local`, IAM may be called without:
  // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
  static boolean callsOverTls(Map<String, String> environment) {
    return Stream.of("AWS_ENDPOINT_URL_IAM", "AWS_ENDPOINT_URL")
        .map(environment::get)
        .filter(Objects::nonNull)
        .findFirst()
        .filter(endpoint -> endpoint.startsWith("http:"))
        .isEmpty();
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
    for (int i = 0; i < HANDSHAKES; i++) {
      attempt("a handshake", Priming::prepareAHandshake);
    }
    attempt(
        "a check", () -> write(TimedWork.call(Budget.of(LIMIT), () -> Rehearsal.ofACheck(LIMIT))));
    // The first line of a log takes 50 ms, of whatever it tells.
    log().info("A check was rehearsed for the snapshot.");
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {}
}
