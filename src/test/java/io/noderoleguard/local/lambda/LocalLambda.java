package io.noderoleguard.local.lambda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the function as Lambda does: what {@code sam build} packs, in a JVM of its own, under the
 * runtime interface client that the managed runtime uses; one event at a time.
 *
 * <p>A JVM that ended, or that was killed because the function's timeout passed, is replaced at the
 * next event.
 */
public final class LocalLambda implements AutoCloseable {

  private static final Pattern TOOL_OPTIONS = Pattern.compile("JAVA_TOOL_OPTIONS: (.+)");

  private final Options options;
  private final TaskRoot taskRoot;
  private final FunctionLog log = new FunctionLog();
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private final Thread shutdownHook = new Thread(this::release);
  private final ReentrantLock lifecycle = new ReentrantLock();
  private Optional<ExecutionEnvironment> environment = Optional.empty();
  private boolean closed;

  private LocalLambda(Options options) throws IOException {
    this.options = options;
    this.taskRoot = TaskRoot.create(options.lib, options.code);
    // First, so that no JVM is left behind by an end between the two.
    Runtime.getRuntime().addShutdownHook(shutdownHook);
    serving();
  }

  /** The JVM for the next event: a new one where the last one is of no more use. */
  private ExecutionEnvironment serving() throws IOException {
    lifecycle.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the function was closed");
      }
      if (environment.isEmpty() || environment.get().isSpent()) {
        environment.ifPresent(ExecutionEnvironment::close);
        ExecutionEnvironment started = ExecutionEnvironment.start(options, taskRoot.folder(), log);
        environment = Optional.of(started);
      }
      return environment.get();
    } finally {
      lifecycle.unlock();
    }
  }

  /** The JVM's options that template.yaml gives the function. */
  public static String toolOptions() throws IOException {
    Matcher options = TOOL_OPTIONS.matcher(Files.readString(Path.of("template.yaml")));
    if (!options.find()) {
      throw new IllegalStateException("template.yaml sets no JAVA_TOOL_OPTIONS");
    }
    return options.group(1);
  }

  /** The function of this project; see the methods of {@link Options} for what can be changed. */
  public static Options options() {
    return new Options();
  }

  /** How the function is configured, in the words of Lambda's own configuration. */
  public static final class Options {
    String handler = "io.noderoleguard.lambda.GuardHandler::handleRequest";
    String functionArn = "arn:aws:lambda:eu-central-1:123456789012:function:eks-node-role-guard";
    Map<String, String> environment = Map.of();
    // Nothing accepts these: a call that leaves the machine by mistake changes nothing.
    Map<String, String> credentials =
        Map.of(
            "AWS_ACCESS_KEY_ID", "local",
            "AWS_SECRET_ACCESS_KEY", "local",
            "AWS_SESSION_TOKEN", "local");
    int memoryMb = 1024;
    Duration timeout = Duration.ofSeconds(60);
    boolean snapStart;
    List<String> jvmOptions = List.of();
    Path lib = path("function.lib");
    final List<Path> code = new ArrayList<>(List.of(path("function.classes")));

    private Options() {}

    public Options handler(String handler) {
      this.handler = handler;
      return this;
    }

    /** Region and account are taken from it too. */
    public Options functionArn(String functionArn) {
      this.functionArn = functionArn;
      return this;
    }

    /** Variables on top of Lambda's own; nothing but PATH comes from this JVM's environment. */
    public Options environment(Map<String, String> environment) {
      this.environment = Map.copyOf(environment);
      return this;
    }

    /**
     * Variables of credentials, instead of made-up ones; none leaves the SDK to look for its own.
     */
    public Options credentials(Map<String, String> credentials) {
      this.credentials = Map.copyOf(credentials);
      return this;
    }

    public Options memoryMb(int memoryMb) {
      this.memoryMb = memoryMb;
      return this;
    }

    public Options timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** Runs the hooks of a published version; the first event is what restores it. */
    public Options snapStart(boolean snapStart) {
      this.snapStart = snapStart;
      return this;
    }

    /** Options of the JVM on top of Lambda's own. */
    public Options jvmOptions(String... jvmOptions) {
      this.jvmOptions = List.of(jvmOptions);
      return this;
    }

    /** A folder of classes, or a jar, that is packed after the function's own. */
    public Options with(Path code) {
      this.code.add(code);
      return this;
    }

    /**
     * Another function than this project's: the folder of its dependencies, and none of its code.
     */
    public Options only(Path lib) {
      this.lib = lib;
      code.clear();
      return this;
    }

    /** Starts the JVM; it initializes while the caller goes on. */
    public LocalLambda start() throws IOException {
      return new LocalLambda(this);
    }

    String region() {
      return functionArn.split(":", -1)[3];
    }

    String functionName() {
      return functionArn.split(":", -1)[6];
    }
  }

  static Path path(String property) {
    String value = System.getProperty(property);
    if (value == null) {
      throw new IllegalStateException(
          "the system property %s is not set; Maven sets it, see pom.xml".formatted(property));
    }
    return Path.of(value);
  }

  /** {@link #invoke(byte[])} with text. */
  public Invocation invoke(String event) throws IOException, InterruptedException {
    return invoke(event.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends an event and waits for the answer. One that comes while another is served waits its turn.
   *
   * @throws InvocationFailedException if there is no answer: the function could not start, its JVM
   *     ended, or its timeout passed
   */
  public Invocation invoke(byte[] event) throws IOException, InterruptedException {
    oneAtATime.lockInterruptibly();
    try {
      return serving().invoke(event);
    } finally {
      oneAtATime.unlock();
    }
  }

  /** What the function's JVMs wrote so far to standard output and error. */
  public String log() {
    return log.text();
  }

  /** Waits until the log contains a text, and returns all of it. */
  public String awaitLog(String expected, Duration limit)
      throws InterruptedException, TimeoutException {
    return log.await(expected, limit);
  }

  /** The JVM that serves, or would serve, the next event. */
  public Process process() {
    lifecycle.lock();
    try {
      return environment.orElseThrow().process();
    } finally {
      lifecycle.unlock();
    }
  }

  /** How long ago the JVM was started that serves, or would serve, the next event. */
  public Duration age() {
    lifecycle.lock();
    try {
      return environment.orElseThrow().age();
    } finally {
      lifecycle.unlock();
    }
  }

  /** Ends the JVM. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      return; // the hook is running
    }
    release();
  }

  private void release() {
    lifecycle.lock();
    try {
      closed = true;
      environment.ifPresent(ExecutionEnvironment::close);
      taskRoot.close();
    } finally {
      lifecycle.unlock();
    }
  }
}
