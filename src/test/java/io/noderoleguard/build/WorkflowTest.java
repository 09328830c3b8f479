package io.noderoleguard.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That others' machines build as the README says. */
final class WorkflowTest {

  private static final Path WORKFLOWS = Path.of(".github", "workflows");
  private static final Path WORKFLOW = WORKFLOWS.resolve("ci.yml");
  private static final Path RELEASE = WORKFLOWS.resolve("release.yml");

  @ParameterizedTest
  @ValueSource(strings = {"mvn -q test-compile exec:exec@local", "mvn verify"})
  void theReadmesCommandsAreRun(String command) throws IOException {
    assertThat(Files.readAllLines(Path.of("README.md"))).contains(command);
    assertThat(Files.readAllLines(WORKFLOW)).map(String::strip).contains("run: " + command);
  }

  @Test
  void everyActionAndToolIsPinned() throws IOException {
    List<String> actions = all(WORKFLOW, "uses: (\\S+)");
    List<String> tools =
        all(WORKFLOW, "pip install (.+)").stream()
            .flatMap(line -> Stream.of(line.split(" ", -1)))
            .toList();

    assertThat(actions).hasSizeGreaterThan(1).allMatch(it -> it.matches("[a-z/-]+@v[0-9.]{5,}"));
    assertThat(all(RELEASE, "uses: (\\S+)"))
        .hasSizeGreaterThan(1)
        .allMatch(it -> it.matches("[a-z/-]+@v[0-9.]{5,}"));
    assertThat(tools).hasSize(5).allMatch(it -> it.matches("\"?[a-z\\[\\]-]+==[0-9.]+\"?"));
  }

  /** The template for StackSets is the translator's work: another version may make other bytes. */
  @Test
  void theTranslatorIsTheOneThatTheReleaseAsksFor() throws IOException {
    String pinned = "aws-sam-translator==";
    List<String> versions = all(Path.of("src", "release", "translate.py"), "PINNED = \"(.+)\"");

    assertThat(versions).hasSize(1);
    assertThat(all(RELEASE, "pip install " + pinned + "(\\S+)")).isEqualTo(versions);
    assertThat(all(WORKFLOW, " " + pinned + "(\\S+)")).isEqualTo(versions);
  }

  /** By the command that CONTRIBUTING.md names, after all tests. */
  @Test
  void aReleaseIsTestedMadeAttestedAndPublished() throws IOException {
    assertThat(Path.of("CONTRIBUTING.md")).content().contains("mvn -Prelease -DskipTests verify");
    assertThat(RELEASE)
        .content()
        .containsSubsequence(
            "tags: [\"v*\"]",
            "attestations: write",
            "run: mvn verify",
            "run: mvn -Prelease -DskipTests -Drelease.notes=",
            "uses: actions/attest-build-provenance@",
            "gh release create",
            "SHA256SUMS");
  }

  @ParameterizedTest
  @CsvSource({"maven,/", "npm,/src/test/policy-simulator", "github-actions,/"})
  void whatIsPinnedIsKeptUpToDate(String ecosystem, String directory) {
    assertThat(Path.of("." + directory)).isDirectory();
    assertThat(Path.of(".github", "dependabot.yml"))
        .content()
        .contains("- package-ecosystem: %s\n    directory: %s\n".formatted(ecosystem, directory));
  }

  private static List<String> all(Path workflow, String pattern) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(workflow))
        .results()
        .map(match -> match.group(1))
        .toList();
  }
}
