package io.noderoleguard.local.lambda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

  private final FunctionOptions options;
  private final TaskRoot taskRoot;
  private final FunctionLog log = new FunctionLog();
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private final Thread shutdownHook = new Thread(this::release);
  private final ReentrantLock lifecycle = new ReentrantLock();
  private Optional<ExecutionEnvironment> environment = Optional.empty();
  private boolean closed;

  private LocalLambda(FunctionOptions options) throws IOException {
    this.options = options;
    this.taskRoot = TaskRoot.create(options.lib, options.code);
    // First, so that no JVM is left behind by an end between the two.
    Runtime.getRuntime().addShutdownHook(shutdownHook);
    serving();
  }

  /** Starts the JVM; it initializes while the caller goes on. */
  public static LocalLambda start(FunctionOptions options) throws IOException {
    return new LocalLambda(options);
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
