package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What cfn-lint finds in the templates, and that it finds what is broken in them on purpose. */
final class TemplateLintTest {

  private static final Path TEMPLATE = Path.of("template.yaml");

  @TempDir Path folder;

  @BeforeAll
  static void cfnLintIsInstalled() throws Exception {
    Assumptions.assumeTrue(Tool.works("cfn-lint", "--version"), "cfn-lint is not installed");
  }

  static List<Path> examples() throws IOException {
    try (var files = Files.list(Path.of("docs", "examples"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void theTemplateIsClean() throws Exception {
    assertClean(lint(TEMPLATE));
  }

  @Test
  void aTemplateWithAnUnknownRuntimeIsNot() throws Exception {
    Path broken = brokenCopy(Files.readString(TEMPLATE), "java25", "java26");

    assertThat(lint(broken).output()).contains("java26");
  }

  @Test
  void theTranslatedTemplateIsClean() throws Exception {
    assertClean(lint(Files.writeString(folder.resolve("t.json"), TranslatedTemplate.json())));
  }

  @Test
  void aTranslatedTemplateWithAnUnknownActionIsNot() throws Exception {
    Path broken = brokenCopy(TranslatedTemplate.json(), "iam:AttachRolePolicy", "iam:AttachPolicy");

    assertThat(lint(broken).output()).containsIgnoringCase("attachpolicy");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleIsClean(Path example) throws Exception {
    assertClean(lint(example));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleThatRefersToNothingIsNot(Path example) throws Exception {
    Path broken = brokenCopy(Files.readString(example), "!GetAtt NodeRole.", "!GetAtt Nobody.");

    assertThat(lint(broken).output()).contains("Nobody");
  }

  private Path brokenCopy(String template, String right, String wrong) throws IOException {
    assertThat(template).contains(right);
    return Files.writeString(folder.resolve("broken.template"), template.replace(right, wrong));
  }

  private static Tool.Run lint(Path template) throws Exception {
    return Tool.run(Path.of(""), "cfn-lint", "--template", template.toString());
  }

  private static void assertClean(Tool.Run lint) {
    assertThat(lint.output() + lint.errors()).isEmpty();
    assertThat(lint.exitCode()).isZero();
  }
}
