package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assumptions;

/** What CloudFormation is given in place of a template's file: the SAM translator's own answer. */
final class TranslatedTemplate {

  /** Translated once for all tests: each start of the translator takes more than a second. */
  private static final Map<List<String>, FutureTask<Optional<String>>> TRANSLATED =
      new ConcurrentHashMap<>();

  private static final String TEMPLATE = "template.yaml";

  private TranslatedTemplate() {}

  /** The function's template as JSON; see {@link #json(Path)}. */
  static String json() throws Exception {
    return json(Path.of(TEMPLATE));
  }

  /** A template as JSON; skips the calling test where Python or the SAM translator is absent. */
  static String json(Path template) throws Exception {
    return translated(List.of(template.toString()));
  }

  /** The function's template for StackSets, as a release contains it; see {@link #json(Path)}. */
  static String forStackSets() throws Exception {
    return translated(List.of(TEMPLATE, "--code-parameters"));
  }

  private static String translated(List<String> arguments) throws Exception {
    FutureTask<Optional<String>> translated =
        TRANSLATED.computeIfAbsent(arguments, given -> new FutureTask<>(() -> translate(given)));
    translated.run();
    Optional<String> json = translated.get();
    Assumptions.assumeTrue(
        json.isPresent(), "the SAM translator (aws-sam-translator for python3) is not installed");
    return json.orElseThrow();
  }

  private static Optional<String> translate(List<String> arguments)
      throws IOException, InterruptedException {
    if (!Tool.works("python3", "-c", "import samtranslator")) {
      return Optional.empty();
    }
    List<String> command = new ArrayList<>(List.of("python3", "src/release/translate.py"));
    command.addAll(arguments);
    Tool.Run run = Tool.run(Path.of(""), command.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.errors()).isZero();
    return Optional.of(run.output());
  }
}
