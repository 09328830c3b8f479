package io.noderoleguard.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That others' machines build as the README says. */
final class WorkflowTest {

  private static final Path WORKFLOW = Path.of(".github", "workflows", "ci.yml");

  @ParameterizedTest
  @ValueSource(strings = {"mvn -q test-compile exec:exec@local", "mvn verify"})
  void theReadmesCommandsAreRun(String command) throws IOException {
    assertThat(Files.readAllLines(Path.of("README.md"))).contains(command);
    assertThat(Files.readAllLines(WORKFLOW)).map(String::strip).contains("run: " + command);
  }

  @Test
  void everyActionAndToolIsPinned() throws IOException {
    List<String> actions = all("uses: (\\S+)");
    List<String> tools = List.of(all("pip install (.+)").getFirst().split(" "));

    assertThat(actions).hasSizeGreaterThan(1).allMatch(it -> it.matches("[a-z/-]+@v[0-9.]{5,}"));
    assertThat(tools).hasSize(3).allMatch(it -> it.matches("\"?[a-z\\[\\]-]+==[0-9.]+\"?"));
  }

  @ParameterizedTest
  @CsvSource({"maven,/", "npm,/src/test/policy-simulator", "github-actions,/"})
  void whatIsPinnedIsKeptUpToDate(String ecosystem, String directory) {
    assertThat(Path.of("." + directory)).isDirectory();
    assertThat(Path.of(".github", "dependabot.yml"))
        .content()
        .contains("- package-ecosystem: %s\n    directory: %s\n".formatted(ecosystem, directory));
  }

  private static List<String> all(String pattern) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(WORKFLOW))
        .results()
        .map(match -> match.group(1))
        .toList();
  }
}
