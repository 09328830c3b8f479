package io.noderoleguard.local.lambda;

import io.noderoleguard.local.lambda.Invocation.FunctionError;
import io.noderoleguard.local.lambda.RuntimeApi.Posted;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One JVM of the function, and the Runtime API that it talks to. */
final class ExecutionEnvironment implements AutoCloseable {

  // Ten seconds in Lambda; a laptop or a build machine may be slower.
  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final FunctionOptions options;
  private final RuntimeApi api;
  private final long started = System.nanoTime();
  private final Process process;
  private final FunctionLog log;
  private final Thread logFollower;
  private volatile boolean used;

  private ExecutionEnvironment(
      FunctionOptions options, RuntimeApi api, ProcessBuilder jvm, FunctionLog log)
      throws IOException {
    this.options = options;
    this.api = api;
    this.process = jvm.start();
    this.log = log;
    this.logFollower = log.follow(process);
  }

  static ExecutionEnvironment start(FunctionOptions options, Path taskRoot, FunctionLog log)
      throws IOException {
    RuntimeApi api = new RuntimeApi();
    ProcessBuilder jvm =
        new ProcessBuilder(command(options)).directory(taskRoot.toFile()).redirectErrorStream(true);
    String path = System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    jvm.environment().clear();
    jvm.environment().put("PATH", path);
    jvm.environment().putAll(variables(options, api, taskRoot));
    jvm.environment().putAll(options.credentials);
    jvm.environment().putAll(options.environment);
    try {
      return new ExecutionEnvironment(options, api, jvm, log);
    } catch (IOException e) {
      api.close();
      throw e;
    }
  }

  private static List<String> command(FunctionOptions options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    // What the JVM would see in Lambda: it starts with a small heap there.
    command.add("-XX:MaxRAM=%dm".formatted(options.memoryMb));
    // Lambda leaves 15 % of the memory to what is not heap.
    command.add("-Xmx%dk".formatted(options.memoryMb * 1024L * 85 / 100));
    if (options.snapStart) {
      command.add("-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
    } else {
      // https://docs.aws.amazon.com/lambda/latest/dg/java-customization.html
      command.add("-XX:TieredStopAtLevel=1");
    }
    command.addAll(options.jvmOptions);
    command.add("-cp");
    command.add(runtimeClassPath());
    command.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
    command.add(options.handler);
    return command;
  }

  private static String runtimeClassPath() throws IOException {
    try (Stream<Path> jars =
        Files.list(FunctionOptions.path("function.runtime").toAbsolutePath())) {
      return jars.sorted().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
  }

  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
  private static Map<String, String> variables(
      FunctionOptions options, RuntimeApi api, Path taskRoot) {
    Map<String, String> variables = new HashMap<>();
    variables.put("AWS_LAMBDA_RUNTIME_API", api.address());
    variables.put("_HANDLER", options.handler);
    variables.put("LAMBDA_TASK_ROOT", taskRoot.toString());
    variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
    variables.put("AWS_REGION", options.region());
    variables.put("AWS_DEFAULT_REGION", options.region());
    variables.put("AWS_LAMBDA_FUNCTION_NAME", options.functionName());
    variables.put("AWS_LAMBDA_FUNCTION_VERSION", options.snapStart ? "1" : "$LATEST");
    variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(options.memoryMb));
    variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + options.functionName());
    variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "local/" + UUID.randomUUID());
    variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", options.snapStart ? "snap-start" : "on-demand");
    variables.put("LANG", "en_US.UTF-8");
    variables.put("TZ", ":UTC");
    return variables;
  }

  Process process() {
    return process;
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /** Whether its JVM has ended, and an event was told so: the first one hears of a failed start. */
  boolean isSpent() {
    return used && !process.isAlive();
  }

  Invocation invoke(byte[] body) throws InterruptedException {
    used = true;
    awaitStart(api.initialized());
    api.restore();
    awaitStart(api.polling());
    String requestId = UUID.randomUUID().toString();
    long sent = System.nanoTime();
    CompletableFuture<Posted> posted = api.send(requestId, headers(requestId), body);
    try {
      CompletableFuture.anyOf(posted, process.onExit())
          .get(options.timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      kill();
      throw new InvocationFailedException(
          String.format(
              Locale.ROOT,
              "RequestId: %s Task timed out after %.2f seconds%s",
              requestId,
              options.timeout.toMillis() / 1000.0,
              logTail()));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - sent);
    if (!posted.isDone()) {
      throw exited("RequestId: %s ".formatted(requestId));
    }
    return switch (posted.join()) {
      case Posted.Answer(String answer) ->
          new Invocation(requestId, answer, Optional.empty(), duration);
      case Posted.Failure(String failure) ->
          new Invocation(requestId, failure, Optional.of(PostedError.parse(failure)), duration);
    };
  }

  // The client crashes in native code where one that may be empty is missing.
  private Map<String, String> headers(String requestId) {
    String trace = requestId.replace("-", "");
    return Map.of(
        "Lambda-Runtime-Aws-Request-Id",
        requestId,
        "Lambda-Runtime-Deadline-Ms",
        Long.toString(Instant.now().plus(options.timeout).toEpochMilli()),
        "Lambda-Runtime-Invoked-Function-Arn",
        options.functionArn,
        "Lambda-Runtime-Trace-Id",
        "Root=1-%s-%s;Parent=%s;Sampled=0"
            .formatted(trace.substring(0, 8), trace.substring(8), trace.substring(16)),
        "Lambda-Runtime-Client-Context",
        "",
        "Lambda-Runtime-Cognito-Identity",
        "");
  }

  private void awaitStart(CompletableFuture<Void> step) throws InterruptedException {
    try {
      CompletableFuture.anyOf(step, api.startError(), process.onExit())
          .get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      kill();
      throw new InvocationFailedException(
          "The function did not start within %d seconds%s"
              .formatted(START_LIMIT.toSeconds(), logTail()));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    if (api.startError().isDone()) {
      FunctionError error = api.startError().join();
      kill();
      throw new InvocationFailedException(
          "The function could not start: %s: %s%s"
              .formatted(error.errorType(), error.errorMessage(), logTail()));
    }
    if (!step.isDone()) {
      throw exited("While starting: ");
    }
  }

  private InvocationFailedException exited(String when) throws InterruptedException {
    logFollower.join(Duration.ofSeconds(2));
    return new InvocationFailedException(
        "%sThe function's JVM exited with status %d%s"
            .formatted(when, process.exitValue(), logTail()));
  }

  private String logTail() {
    String tail = log.tail();
    return tail.isEmpty() ? "" : "; the end of its log:\n" + tail;
  }

  private void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    logFollower.join(Duration.ofSeconds(2));
  }

  /** Ends the JVM, and returns when it has ended. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    api.close();
  }
}
