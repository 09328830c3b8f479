package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What cfn-lint finds in the templates, and that it finds what is broken in them on purpose. */
final class TemplateLintTest {

  private static final Path TEMPLATE = Path.of("template.yaml");

  /** One Region of the commercial partition, and all of those that docs/partitions.md describes. */
  private static final List<String> REGIONS =
      List.of("us-east-1", "cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1");

  private static final String ELSEWHERE = "elsewhere.yaml";

  @TempDir static Path folder;

  /** The findings of cfn-lint, by file; it is started once, as it takes seconds to start. */
  private static final Map<Path, List<String>> FINDINGS = new HashMap<>();

  static List<Path> examples() throws IOException {
    try (var files = Files.list(Path.of("docs", "examples"))) {
      return files.sorted().toList();
    }
  }

  @BeforeAll
  static void lintTheSources() throws Exception {
    Assumptions.assumeTrue(Tool.works("cfn-lint", "--version"), "cfn-lint is not installed");
    List<Path> files = new ArrayList<>(examples());
    for (Path example : examples()) {
      files.add(
          brokenCopy(
              example.getFileName().toString(),
              Files.readString(example),
              "!GetAtt NodeRole.",
              "!GetAtt Nobody."));
    }
    files.add(Forwarding.TEMPLATE);
    files.add(
        brokenCopy(
            Forwarding.TEMPLATE.getFileName().toString(),
            Files.readString(Forwarding.TEMPLATE),
            "!GetAtt ForwardRole.",
            "!GetAtt Nobody."));
    files.addAll(List.of(Organization.CENTRAL, Organization.ROLLOUT));
    files.add(
        brokenCopy(
            "central.yaml",
            Files.readString(Organization.CENTRAL),
            "!GetAtt ReportsBus.",
            "!GetAtt Nobody."));
    files.add(
        brokenCopy(
            "rollout.yaml",
            Files.readString(Organization.ROLLOUT),
            "SERVICE_MANAGED",
            "MANAGED_BY_US"));
    files.add(TEMPLATE);
    files.add(brokenCopy(TEMPLATE.toString(), Files.readString(TEMPLATE), "java25", "java26"));
    files.add(
        brokenCopy(
            ELSEWHERE,
            Files.readString(TEMPLATE),
            "Type: AWS::SNS::Subscription",
            "Type: AWS::Bedrock::Agent"));
    lint(files);
  }

  @Test
  void theTemplateIsClean() {
    assertThat(FINDINGS.get(TEMPLATE)).isEmpty();
  }

  @Test
  void aTemplateWithAnUnknownRuntimeIsNot() {
    assertThat(FINDINGS.get(folder.resolve(TEMPLATE))).anyMatch(text -> text.contains("java26"));
  }

  @Test
  void theForwardingTemplateIsCleanAndOneThatRefersToNothingIsNot() {
    assertThat(FINDINGS.get(Forwarding.TEMPLATE)).isEmpty();
    assertThat(FINDINGS.get(folder.resolve(Forwarding.TEMPLATE.getFileName())))
        .anyMatch(text -> text.contains("Nobody"));
  }

  @Test
  void aTemplateWithATypeThatChinaLacksIsNot() {
    assertThat(FINDINGS.get(folder.resolve(ELSEWHERE)))
        .contains("Resource type 'AWS::Bedrock::Agent' does not exist in 'cn-north-1'");
  }

  @ParameterizedTest
  @CsvSource({"central.yaml, Nobody", "rollout.yaml, MANAGED_BY_US"})
  void anOrganisationsTemplateIsCleanAndABrokenOneIsNot(String name, String mistake) {
    assertThat(FINDINGS.get(Organization.CENTRAL.resolveSibling(name))).isEmpty();
    assertThat(FINDINGS.get(folder.resolve(name))).anyMatch(text -> text.contains(mistake));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleIsClean(Path example) {
    assertThat(FINDINGS.get(example)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleThatRefersToNothingIsNot(Path example) {
    assertThat(FINDINGS.get(folder.resolve(example.getFileName())))
        .anyMatch(text -> text.contains("Nobody"));
  }

  @Test
  void theTranslatedTemplateIsCleanAndOneWithAnUnknownActionIsNot() throws Exception {
    String json = TranslatedTemplate.json();
    Path translated = Files.writeString(folder.resolve("translated.json"), json);
    Path broken = brokenCopy("action.json", json, "iam:AttachRolePolicy", "iam:AttachPolicy");
    lint(List.of(translated, broken));

    assertThat(FINDINGS.get(translated)).isEmpty();
    assertThat(FINDINGS.get(broken))
        .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains("attachpolicy"));
  }

  @Test
  void theTemplateForStackSetsIsCleanAndOneThatRefersToNothingIsNot() throws Exception {
    String json = TranslatedTemplate.forStackSets();
    Path template = Files.writeString(folder.resolve("node-role-guard.json"), json);
    Path broken = brokenCopy("nowhere.json", json, "\"Ref\": \"CodeKey\"", "\"Ref\": \"Nobody\"");
    lint(List.of(template, broken));

    assertThat(FINDINGS.get(template)).isEmpty();
    assertThat(FINDINGS.get(broken)).anyMatch(text -> text.contains("Nobody"));
  }

  private static Path brokenCopy(String name, String template, String right, String wrong)
      throws IOException {
    assertThat(template).contains(right);
    return Files.writeString(folder.resolve(name), template.replace(right, wrong));
  }

  private static void lint(List<Path> files) throws Exception {
    List<String> command = new ArrayList<>(List.of("cfn-lint", "--format", "json", "--regions"));
    command.addAll(REGIONS);
    command.add("--");
    for (Path file : files) {
      command.add(file.toString());
      FINDINGS.put(file, new ArrayList<>());
    }
    Tool.Run run = Tool.run(Path.of(""), command.toArray(String[]::new));
    assertThat(run.errors()).isEmpty();
    for (JsonNode finding : new JsonMapper().readTree(run.output())) {
      Path file = Path.of(finding.path("Filename").asText());
      assertThat(FINDINGS).containsKey(file);
      FINDINGS.computeIfPresent(
          file,
          (_, texts) -> {
            texts.add(finding.path("Message").asText());
            return texts;
          });
    }
  }
}
