package io.noderoleguard.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noderoleguard.local.iam.DriftedRole;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.template.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * That the SAM CLI, where it is installed, takes, builds and runs the function as the README says.
 *
 * <p>With the environment variable {@code SAM_IMAGES=present}, no image is pulled: the machine has
 * it.
 */
@Timeout(900)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SamTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FUNCTION = "GuardFunction";

  /**
   * Where a container finds the IAM, in docs/sam-local-env.json: a port of its own for each run.
   */
  private static final String DOCUMENTED_ENDPOINT = "http://host.docker.internal:5005";

  @TempDir private static Path project;
  private static EmbeddedIam iam;

  @BeforeAll
  static void copyTheProject() throws Exception {
    Assumptions.assumeTrue(Tool.works("sam", "--version"), "sam is not on the PATH");
    iam = EmbeddedIam.start(driftedAccount(), InetAddress.getByName("0.0.0.0"), 0);
    // As a source archive has it: without .git and what was built
    for (String part : List.of(".mvn", "docs", "events", "src/main")) {
      copy(Path.of(part));
    }
    for (String file : List.of("pom.xml", "template.yaml", "samconfig.toml", "README.md")) {
      Files.copy(Path.of(file), project.resolve(file));
    }
    Path variables = project.resolve("docs/sam-local-env.json");
    String text = Files.readString(variables);
    assertThat(text).contains(DOCUMENTED_ENDPOINT);
    Files.writeString(
        variables,
        text.replace(
            DOCUMENTED_ENDPOINT, "http://host.docker.internal:" + iam.endpoint().getPort()));
  }

  @AfterAll
  static void close() {
    if (iam != null) {
      iam.close();
    }
  }

  private static IamAccount driftedAccount() {
    IamAccount account = new IamAccount("aws", "123456789012");
    DriftedRole.addTo(account);
    return account;
  }

  /** Regions that have SnapStart and that cfn-lint's own list has or lacks. */
  @ParameterizedTest
  @ValueSource(strings = {"eu-central-1", "eu-central-2", "us-gov-west-1", "cn-north-1"})
  @Order(1)
  void theTemplateIsValid(String region) throws Exception {
    Tool.Run run = sam("validate", "--lint", "--region", region);

    assertThat(run.exitCode()).as(run.output() + run.errors()).isZero();
    assertThat(run.output()).contains("is a valid SAM Template");
  }

  @Test
  @Order(2)
  void whatIsBuiltIsWhatTheOtherTestsRun() throws Exception {
    Tool.Run run = sam("build");

    assertThat(run.exitCode()).as(run.errors()).isZero();
    Path built = project.resolve(".aws-sam/build").resolve(FUNCTION);
    assertThat(files(built, name -> !name.startsWith("lib/")))
        .isEqualTo(files(Path.of(System.getProperty("function.classes")), _ -> true));
    // SAM puts the group's name before the jar's.
    Map<String, Long> jars = files(Path.of(System.getProperty("function.lib")), _ -> true);
    assertThat(files(built.resolve("lib"), _ -> true))
        .hasSameSizeAs(jars)
        .allSatisfy(
            (name, sum) ->
                assertThat(jars)
                    .anySatisfy(
                        (jar, expected) -> {
                          assertThat(name).endsWith(jar);
                          assertThat(sum).isEqualTo(expected);
                        }));
  }

  static Stream<Path> events() throws IOException {
    try (var files = Files.list(Path.of("events"))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  @Order(3)
  void anEventIsServedInAContainer(Path event) throws Exception {
    needDockerAndTheBuild();
    iam.forgetCalls();

    Tool.Run run = sam(local("invoke", FUNCTION, "--event", event.toString()));

    if (event.getFileName().toString().startsWith("cfn-")) {
      // Its response goes to CloudFormation's own bucket, and the sample's URL is long expired.
      assertThat(run.output())
          .as(run.errors())
          .contains("response URL did not accept the response");
    } else {
      assertThat(run.exitCode()).as(run.errors()).isZero();
      JsonNode report = JSON.readTree(run.output().strip());
      assertThat(report.path("status").asText()).isIn("REPAIRED", "COMPLIANT", "DRIFTED");
      assertThat(report.path("mode").asText())
          .isEqualTo(event.endsWith("direct-audit.json") ? "Audit" : "Repair");
    }
    if (!event.endsWith("cfn-delete.json")) {
      assertThat(iam.calls()).isNotEmpty();
    }
  }

  @Test
  @Order(4)
  void withoutAnotherIamARealAccountIsOnlyAudited() throws Exception {
    needDockerAndTheBuild();
    Path none = Files.writeString(project.resolve("none.json"), "{\"" + FUNCTION + "\":{}}");

    Tool.Run run =
        sam(
            local(
                "invoke", FUNCTION, "--event", "events/scheduled.json", "--env-vars", "none.json"));

    assertThat(none).exists();
    assertThat(run.output() + run.errors()).contains("the mode is Audit unless the event itself");
  }

  @Test
  @Order(5)
  void theAwsCliInvokesTheFunctionThatSamServes() throws Exception {
    needDockerAndTheBuild();
    Assumptions.assumeTrue(Tool.works("aws", "--version"), "aws is not on the PATH");
    int port = freePort();
    List<String> command = new ArrayList<>(List.of("sam"));
    command.addAll(List.of(local("start-lambda", "--port", Integer.toString(port))));
    Process server =
        new ProcessBuilder(command)
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(project.resolve("start-lambda.log").toFile())
            .start();
    try {
      awaitPort(server, port);
      Tool.Run run =
          Tool.run(
              project,
              environment -> {
                environment.put("AWS_ACCESS_KEY_ID", "local");
                environment.put("AWS_SECRET_ACCESS_KEY", "local");
                environment.put("AWS_DEFAULT_REGION", "us-east-1");
              },
              "aws",
              "lambda",
              "invoke",
              "--endpoint-url",
              "http://127.0.0.1:" + port,
              "--function-name",
              FUNCTION,
              "report.json");

      assertThat(run.exitCode()).as(run.errors()).isZero();
      assertThat(JSON.readTree(project.resolve("report.json").toFile()).path("status").asText())
          .isIn("REPAIRED", "COMPLIANT");
    } finally {
      server.destroy();
      server.waitFor(1, TimeUnit.MINUTES);
    }
  }

  private static void needDockerAndTheBuild() throws Exception {
    Assumptions.assumeTrue(Tool.works("docker", "info"), "no Docker engine answers");
    Assumptions.assumeTrue(
        Files.isDirectory(project.resolve(".aws-sam/build").resolve(FUNCTION)),
        "sam build did not succeed");
  }

  private static String[] local(String... arguments) {
    List<String> all = new ArrayList<>(List.of("local"));
    all.addAll(List.of(arguments));
    if ("present".equals(System.getenv("SAM_IMAGES"))) {
      all.add("--skip-pull-image");
    }
    return all.toArray(String[]::new);
  }

  private static Tool.Run sam(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("sam"));
    command.addAll(List.of(arguments));
    return Tool.run(
        project,
        environment -> {
          environment.put("SAM_CLI_TELEMETRY", "0");
          environment.put("AWS_ACCESS_KEY_ID", "local");
          environment.put("AWS_SECRET_ACCESS_KEY", "local");
        },
        command.toArray(String[]::new));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitPort(Process server, int port) throws Exception {
    for (int tries = 0; tries < 120 && server.isAlive(); tries++) {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException notYet) {
        Thread.sleep(500);
      }
    }
    throw new AssertionError(Files.readString(project.resolve("start-lambda.log")));
  }

  private static void copy(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Path target = project.resolve(file.toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  /** The files of a folder that a name belongs to, with a checksum of each. */
  private static Map<String, Long> files(Path folder, Predicate<String> names) throws IOException {
    Map<String, Long> sums = new TreeMap<>();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (names.test(name)) {
          CRC32 sum = new CRC32();
          sum.update(Files.readAllBytes(file));
          sums.put(name, sum.getValue());
        }
      }
    }
    return sums;
  }
}
