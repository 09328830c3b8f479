package io.noderoleguard.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.template.Tool;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That Maven does as the README says, however a machine is set up. */
@Timeout(300)
final class MavenTest {

  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final String OWN_PATH = System.getenv().getOrDefault("PATH", "");

  @TempDir private Path folder;

  @BeforeAll
  static void needMaven() throws Exception {
    Assumptions.assumeTrue(Tool.works("mvn", "--version"), "mvn is not on the PATH");
  }

  @Test
  void theFunctionRunsWithTheJdkInJavaHomeAlone() throws Exception {
    String path = pathWith(brokenJava());

    assertRuns(
        environment -> {
          environment.put("JAVA_HOME", JDK.toString());
          environment.put("PATH", path);
        });
  }

  @Test
  void theFunctionRunsWithTheJdkOnThePathAlone() throws Exception {
    assertRuns(
        environment -> {
          environment.remove("JAVA_HOME");
          environment.put("PATH", pathWith(JDK.resolve("bin")));
        });
  }

  @Test
  void theFunctionRunsWithTheJdkOnlyInstalled() throws Exception {
    Optional<Path> older = olderJdk();
    Assumptions.assumeTrue(older.isPresent(), "no older JDK for Maven to run on is installed");
    String path = pathWith(brokenJava());

    assertRuns(
        environment -> {
          environment.put("JAVA_HOME", older.orElseThrow().toString());
          environment.put("PATH", path);
        });
  }

  @Test
  void aFailedRunIsNotBuriedUnderMavensStackTrace() throws Exception {
    Tool.Run run = local(_ -> {}, "--verbose");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output())
        .contains("--verbose is unknown", "--help explains the options.")
        .doesNotContain("\tat ");
    assertThat(run.output().lines()).hasSizeLessThan(14);
  }

  /** SAM's way: a copy of the sources without .git, and this command. */
  @Test
  void anInstallationFromACopyLeavesTheTestsOut() throws Exception {
    projectWithATestThatDoesNotCompile();

    Tool.Run run = maven(folder, "clean", "install", "-Dmaven.install.skip");

    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output()).contains("Tests are skipped.");
  }

  @Test
  void aVerificationOfACopyRunsTheTests() throws Exception {
    projectWithATestThatDoesNotCompile();

    assertThat(maven(folder, "clean", "verify").output()).contains("BrokenTest.java");
  }

  @Test
  void anInstallationFromAClonesFolderRunsTheTests() throws Exception {
    projectWithATestThatDoesNotCompile();
    Files.writeString(folder.resolve(".git"), "gitdir: elsewhere");

    assertThat(maven(folder, "clean", "install", "-Dmaven.install.skip").output())
        .contains("BrokenTest.java");
  }

  private void assertRuns(Consumer<Map<String, String>> setUp) throws Exception {
    Tool.Run run = local(setUp, "--help");

    assertThat(run.exitCode()).as(run.output() + run.errors()).isZero();
    assertThat(run.output()).contains("Runs the function on this machine");
  }

  /** The README's command, which finds all compiled: these tests are run from the same folder. */
  private static Tool.Run local(Consumer<Map<String, String>> setUp, String options)
      throws Exception {
    return Tool.run(
        Path.of(""),
        setUp,
        "mvn",
        "-B",
        "-q",
        "-Dmaven.main.skip",
        "-Dmaven.test.skip",
        "-Dmaven.resources.skip",
        "-Dmdep.skip",
        "test-compile",
        "exec:exec@local",
        "-Dargs=" + options);
  }

  private static Tool.Run maven(Path folder, String... goals) throws Exception {
    List<String> command = new ArrayList<>(List.of("mvn", "-B", "-Dmdep.skip"));
    command.addAll(List.of(goals));
    return Tool.run(folder, command.toArray(String[]::new));
  }

  private void projectWithATestThatDoesNotCompile() throws IOException {
    Files.copy(Path.of("pom.xml"), folder.resolve("pom.xml"));
    Path tests = Files.createDirectories(folder.resolve("src/test/java"));
    Files.writeString(tests.resolve("BrokenTest.java"), "class BrokenTest {");
  }

  /** As a JDK that is too old does: it fails. */
  private Path brokenJava() throws IOException {
    Path java = folder.resolve("java");
    Files.writeString(java, "#!/bin/sh\necho UnsupportedClassVersionError >&2\nexit 1\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }

  private static String pathWith(Path first) {
    return first + File.pathSeparator + OWN_PATH;
  }

  /** A JDK beside ours that Maven can run on and our code cannot. */
  private static Optional<Path> olderJdk() throws IOException {
    try (var jdks = Files.list(JDK.resolveSibling("."))) {
      return jdks.filter(jdk -> Files.isExecutable(jdk.resolve("bin/javac")))
          .filter(jdk -> release(jdk) >= 11 && release(jdk) < 25)
          .findAny();
    }
  }

  private static int release(Path jdk) {
    try {
      Matcher version =
          Pattern.compile("JAVA_VERSION=\"(\\d+)")
              .matcher(Files.readString(jdk.resolve("release")));
      return version.find() ? Integer.parseInt(version.group(1)) : 0;
    } catch (IOException _) {
      return 0;
    }
  }
}
