package io.noderoleguard.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LocalLambdaTest {

  private static FunctionOptions options(Class<?> handler) throws URISyntaxException {
    return new FunctionOptions()
        .handler(handler.getName() + "::handleRequest")
        .with(codeOf(handler))
        .with(codeOf(org.crac.Core.class));
  }

  private static Path codeOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static Map<String, String> lines(Invocation invocation) {
    return Arrays.stream(invocation.body().split("\n"))
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
  }

  @Test
  void eventsAreAnsweredOneAfterAnotherByOneJvm() throws Exception {
    try (LocalLambda lambda = LocalLambda.start(options(TestHandlers.Echo.class))) {
      long pid = lambda.process().pid();

      Invocation first = lambda.invoke("{\"roleName\":\"Größe\"}");
      Invocation second = lambda.invoke("[]");

      assertThat(first.error()).isEmpty();
      assertThat(first.body()).isEqualTo("{\"roleName\":\"Größe\"}");
      assertThat(second.body()).isEqualTo("[]");
      assertThat(second.requestId()).isNotEqualTo(first.requestId());
      assertThat(second.duration()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(10));
      assertThat(lambda.process().pid()).isEqualTo(pid);
    }
  }

  @Test
  void anEventOfManyKilobytesAndAnEmptyOneArriveWhole() throws Exception {
    String large = "\"" + "x".repeat(200_000) + "\"";
    try (LocalLambda lambda = LocalLambda.start(options(TestHandlers.Echo.class))) {
      assertThat(lambda.invoke(large).body()).isEqualTo(large);
      assertThat(lambda.invoke("").body()).isEmpty();
    }
  }

  @Test
  void whatTheFunctionWritesIsInTheLog() throws Exception {
    try (LocalLambda lambda = LocalLambda.start(options(TestHandlers.Echo.class))) {
      Invocation invocation = lambda.invoke("{}");

      String log = lambda.awaitLog("echoing for " + invocation.requestId(), Duration.ofSeconds(10));

      assertThat(lambda.log()).startsWith(log);
    }
  }

  @Test
  void whatTheFunctionThrowsIsTheInvocationsError() throws Exception {
    try (LocalLambda lambda = LocalLambda.start(options(TestHandlers.Throwing.class))) {
      Invocation invocation = lambda.invoke("{}");

      assertThat(invocation.error())
          .hasValueSatisfying(
              error -> {
                assertThat(error.errorType()).isEqualTo("java.lang.IllegalArgumentException");
                assertThat(error.errorMessage()).isEqualTo("no such \"role\"");
                assertThat(error.stackTrace()).first().asString().contains("Throwing");
              });
      assertThat(lambda.invoke("{}").error()).as("the next event is served").isPresent();
    }
  }

  @Test
  void aJvmThatEndsIsReportedWithItsStatusAndReplaced() throws Exception {
    try (LocalLambda lambda = LocalLambda.start(options(TestHandlers.Exiting.class))) {
      long pid = lambda.process().pid();

      assertThatExceptionOfType(InvocationFailedException.class)
          .isThrownBy(() -> lambda.invoke("\"exit\""))
          .withMessageContaining("exited with status 3")
          .withMessageContaining("going");

      assertThat(lambda.invoke("\"stay\"").body()).isEqualTo("\"stay\"");
      assertThat(lambda.process().pid()).isNotEqualTo(pid);
    }
  }

  @Test
  void aFunctionThatRunsOutOfTimeIsKilledAndReplaced() throws Exception {
    try (LocalLambda lambda =
        LocalLambda.start(options(TestHandlers.Hanging.class).timeout(Duration.ofSeconds(1)))) {
      Process first = lambda.process();

      assertThatExceptionOfType(InvocationFailedException.class)
          .isThrownBy(() -> lambda.invoke("\"hang\""))
          .withMessageContaining("Task timed out after 1.00 seconds")
          .withMessageContaining("hanging");

      assertThat(first.isAlive()).isFalse();
      assertThat(lambda.invoke("\"go on\"").body()).isEqualTo("\"go on\"");
    }
  }

  @Test
  void aFunctionThatCannotStartFailsWithItsReason() throws Exception {
    try (LocalLambda lambda = LocalLambda.start(options(TestHandlers.Unmakeable.class))) {
      for (int attempt = 1; attempt <= 2; attempt++) {
        assertThatExceptionOfType(InvocationFailedException.class)
            .isThrownBy(() -> lambda.invoke("{}"))
            .withMessageContaining("java.lang.IllegalStateException: ROLE_NAMES is wrong");
      }
    }
  }

  @Test
  void theEnvironmentIsLambdasAndTheCallersAndNothingElse() throws Exception {
    try (LocalLambda lambda =
        LocalLambda.start(
            options(TestHandlers.Surroundings.class)
                .functionArn("arn:aws-cn:lambda:cn-north-1:123456789012:function:guard")
                .environment(Map.of("ROLE_NAMES", "NodeInstanceRole"))
                .memoryMb(256))) {
      Map<String, String> variables = lines(lambda.invoke("{}"));

      assertThat(variables)
          .containsEntry("ROLE_NAMES", "NodeInstanceRole")
          .containsEntry("AWS_REGION", "cn-north-1")
          .containsEntry("AWS_DEFAULT_REGION", "cn-north-1")
          .containsEntry("AWS_LAMBDA_FUNCTION_NAME", "guard")
          .containsEntry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
          .containsEntry("AWS_ACCESS_KEY_ID", "local")
          .containsEntry("PATH", System.getenv("PATH"))
          .doesNotContainKeys("HOME", "USER", "JAVA_HOME", "JAVA_TOOL_OPTIONS", "MAVEN_OPTS");
      assertThat(variables.keySet().stream().filter(System.getenv()::containsKey))
          .as("names in common with this JVM's environment")
          .isSubsetOf("PATH", "LANG", "TZ");
    }
  }

  @Test
  void theContextTellsTheTimeLeftAndTheArn() throws Exception {
    try (LocalLambda lambda =
        LocalLambda.start(
            options(TestHandlers.Surroundings.class).timeout(Duration.ofSeconds(45)))) {
      Invocation invocation = lambda.invoke("{}");

      Map<String, String> surroundings = lines(invocation);
      assertThat(Integer.parseInt(surroundings.get("remaining"))).isBetween(30_000, 45_000);
      assertThat(surroundings)
          .containsEntry(
              "arn", "arn:aws:lambda:eu-central-1:123456789012:function:eks-node-role-guard")
          .containsEntry("requestId", invocation.requestId())
          .containsEntry("loader", "CustomerClassLoader");
    }
  }

  @Test
  void closingEndsTheJvmEvenWhileItServesAnEvent() throws Exception {
    LocalLambda lambda = LocalLambda.start(options(TestHandlers.Hanging.class));
    FutureTask<Invocation> hanging = new FutureTask<>(() -> lambda.invoke("\"hang\""));
    try (lambda) {
      Thread.ofVirtual().start(hanging);
      lambda.awaitLog("hanging", Duration.ofSeconds(30));
    }

    assertThat(lambda.process().isAlive()).isFalse();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(hanging::get)
        .withCauseInstanceOf(InvocationFailedException.class);
  }

  @Test
  void snapStartHooksRunAroundTheFirstEvent() throws Exception {
    try (LocalLambda lambda =
        LocalLambda.start(options(TestHandlers.Frozen.class).snapStart(true))) {
      lambda.awaitLog("before checkpoint", Duration.ofSeconds(30));
      assertThat(lambda.log()).doesNotContain("after restore");

      assertThat(lambda.invoke("{}").body()).isEqualTo("restored");
      assertThat(lambda.invoke("{}").body()).isEqualTo("restored");
    }
  }

  @Test
  void aFailingRestoreHookIsReportedWithItsReason() throws Exception {
    try (LocalLambda lambda =
        LocalLambda.start(options(TestHandlers.Thawless.class).snapStart(true))) {
      assertThatExceptionOfType(InvocationFailedException.class)
          .isThrownBy(() -> lambda.invoke("{}"))
          .withMessageContaining("no thaw");
    }
  }
}
