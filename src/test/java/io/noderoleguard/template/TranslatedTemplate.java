package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;

/** What CloudFormation makes of template.yaml: the SAM translator's own answer, as JSON. */
final class TranslatedTemplate {

  /** Translated once for all tests: each start of the translator takes more than a second. */
  private static final FutureTask<String> TRANSLATED =
      new FutureTask<>(() -> translate(Path.of("template.yaml")));

  private TranslatedTemplate() {}

  /** Skips the calling test where Python or the SAM translator is absent. */
  static String json() throws Exception {
    Tool.assumeWorking("The SAM translator (pip: aws-sam-translator)", probe());
    TRANSLATED.run();
    return TRANSLATED.get();
  }

  private static String[] probe() {
    return new String[] {"python3", "-c", "import samtranslator"};
  }

  private static String translate(Path template) throws IOException, InterruptedException {
    Tool.Run run =
        Tool.run(
            Path.of(""),
            "python3",
            "src/test/resources/template/translate.py",
            template.toString());
    assertThat(run.exitCode()).as(run.output()).isZero();
    return run.output();
  }
}
