package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assumptions;

/** What CloudFormation is given in place of a template's file: the SAM translator's own answer. */
final class TranslatedTemplate {

  /** Translated once for all tests: each start of the translator takes more than a second. */
  private static final Map<Path, FutureTask<Optional<String>>> TRANSLATED =
      new ConcurrentHashMap<>();

  private TranslatedTemplate() {}

  /** The function's template as JSON; see {@link #json(Path)}. */
  static String json() throws Exception {
    return json(Path.of("template.yaml"));
  }

  /** A template as JSON; skips the calling test where Python or the SAM translator is absent. */
  static String json(Path template) throws Exception {
    FutureTask<Optional<String>> translated =
        TRANSLATED.computeIfAbsent(template, file -> new FutureTask<>(() -> translate(file)));
    translated.run();
    Optional<String> json = translated.get();
    Assumptions.assumeTrue(
        json.isPresent(), "the SAM translator (aws-sam-translator for python3) is not installed");
    return json.orElseThrow();
  }

  private static Optional<String> translate(Path template)
      throws IOException, InterruptedException {
    if (!Tool.works("python3", "-c", "import samtranslator")) {
      return Optional.empty();
    }
    Tool.Run run =
        Tool.run(
            Path.of(""),
            "python3",
            "src/test/resources/template/translate.py",
            template.toString());
    assertThat(run.exitCode()).as(run.errors()).isZero();
    return Optional.of(run.output());
  }
}
