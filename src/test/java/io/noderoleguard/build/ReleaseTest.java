package io.noderoleguard.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noderoleguard.template.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What `mvn -Prelease verify` makes, from the classes and jars that the other tests run. */
@Timeout(300)
final class ReleaseTest {

  /** Those that may be passed on together with Apache-2.0, unchanged. */
  private static final Set<String> ACCEPTED_LICENCES =
      Set.of("Apache-2.0", "BSD-2-Clause", "EPL-2.0", "MIT", "MIT-0");

  /** The target of a link or picture, without its anchor. */
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s#]+)[^)]*\\)");

  @TempDir private static Path folder;
  private static Path release;
  private static Path archive;

  @BeforeAll
  static void release() throws Exception {
    Assumptions.assumeTrue(Tool.works("mvn", "--version"), "mvn is not on the PATH");
    Assumptions.assumeTrue(
        Tool.works("python3", "-c", "import samtranslator"),
        "the SAM translator (aws-sam-translator for python3) is not installed");
    release = release("first");
    archive = only(release, "zip");
  }

  private static Path release(String name) throws Exception {
    Path target = folder.resolve(name);
    Tool.Run run =
        Tool.run(
            Path.of(""),
            "mvn",
            "-B",
            "-q",
            "-Prelease",
            "-Dmaven.main.skip",
            "-Dmaven.test.skip",
            "-Dmaven.resources.skip",
            "-Dmdep.skip",
            "-Drelease.directory=" + target,
            "verify");
    assertThat(run.exitCode()).as(run.output()).isZero();
    return target;
  }

  @Test
  void theSameSourcesMakeTheSameBytes() throws Exception {
    assertThat(sums(release("second"))).isEqualTo(sums(release)).hasSizeGreaterThan(5);
  }

  @Test
  void thePackedFunctionIsWhatTheOtherTestsRun() throws Exception {
    Map<String, String> expected = new TreeMap<>(sums(property("function.classes")));
    sums(property("function.lib")).forEach((jar, sum) -> expected.put("lib/" + jar, sum));

    try (ZipFile function = new ZipFile(release.resolve("content/function.zip").toFile())) {
      Map<String, String> packed = new TreeMap<>();
      for (ZipEntry entry : entries(function)) {
        try (InputStream content = function.getInputStream(entry)) {
          packed.put(entry.getName(), sum(content.readAllBytes()));
        }
      }
      assertThat(packed).isEqualTo(expected);
    }
  }

  @Test
  void theArchiveHasAllThatADeploymentNeeds() throws Exception {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      String root = archive.getFileName().toString().replaceFirst("\\.zip$", "/");
      assertThat(entries(zip))
          .extracting(ZipEntry::getName)
          .contains(
              root + "template.yaml",
              root + "node-role-guard.json",
              root + "function.zip",
              root + "samconfig.toml",
              root + "deploy/forward-iam-events.yaml",
              root + "deploy/organization/central.yaml",
              root + "deploy/organization/rollout.yaml",
              root + "docs/sam-local-env.json",
              root + "events/scheduled.json",
              root + "README.md",
              root + "LICENSE",
              root + "bom.json");
    }
    String template = Files.readString(Path.of("template.yaml"));
    assertThat(release.resolve("content/template.yaml"))
        .content()
        .isEqualTo(template.replace("CodeUri: .\n", "CodeUri: function.zip\n"))
        .isNotEqualTo(template);
  }

  /** Linted and compared by TemplateLintTest and StackSetTemplateTest. */
  @Test
  void theTemplateForStackSetsIsTheOneThatTheOtherTestsLookAt() throws Exception {
    Tool.Run run =
        Tool.run(
            Path.of(""),
            "python3",
            "src/release/translate.py",
            "template.yaml",
            "--code-parameters");

    assertThat(release.resolve("content/node-role-guard.json")).hasContent(run.output());
    assertThat(run.output()).contains("\"CodeKey\"");
  }

  @Test
  void everyLinkOfItsPagesLeadsToAFileOfTheArchive() throws Exception {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (ZipEntry page : entries(zip)) {
        if (page.getName().endsWith(".md")) {
          String text = new String(zip.getInputStream(page).readAllBytes(), StandardCharsets.UTF_8);
          assertThat(linkedFiles(text))
              .as(page.getName())
              .allSatisfy(
                  link -> {
                    Path target = Path.of(page.getName()).resolveSibling(link).normalize();
                    assertThat(zip.getEntry(target.toString())).as(link).isNotNull();
                  });
        }
      }
      String root = archive.getFileName().toString().replaceFirst("\\.zip$", "/");
      assertThat(linkedFiles(Files.readString(Path.of("README.md"))))
          .contains("docs/images/dashboard.svg", "docs/images/local-run.svg", "CONTRIBUTING.md")
          .allSatisfy(link -> assertThat(zip.getEntry(root + link)).as(link).isNotNull());
    }
  }

  private static List<String> linkedFiles(String markdown) {
    return LINK.matcher(markdown)
        .results()
        .map(link -> link.group(1))
        .filter(link -> !link.contains(":"))
        .toList();
  }

  @Test
  void theSumsAreThoseOfTheFiles() throws Exception {
    List<String> lines = new ArrayList<>();
    for (String end : List.of("json", "zip")) {
      Path file = only(release, end);
      lines.add(sum(Files.readAllBytes(file)) + " *" + file.getFileName());
    }

    assertThat(Files.readAllLines(release.resolve("SHA256SUMS")))
        .containsExactlyInAnyOrderElementsOf(lines);
  }

  @Test
  void theBillOfMaterialsListsTheJarsAndTheirLicencesAreAccepted() throws Exception {
    JsonNode bom = new ObjectMapper().readTree(only(release, "json").toFile());
    List<String> jars = new ArrayList<>();
    for (JsonNode component : bom.path("components")) {
      jars.add(
          "%s-%s.jar"
              .formatted(component.path("name").asText(), component.path("version").asText()));
      assertThat(component.path("licenses"))
          .as(component.path("purl").asText())
          .anyMatch(it -> ACCEPTED_LICENCES.contains(it.path("license").path("id").asText()));
    }

    assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(jars).containsExactlyInAnyOrderElementsOf(sums(property("function.lib")).keySet());
  }

  @Test
  void theNotesAreOneSectionOfTheChangelog() throws Exception {
    String notes = Files.readString(release.resolve("RELEASE_NOTES.md"));

    assertThat(notes).startsWith("## Unreleased\n").doesNotContain("\n## ", "# Changelog");
    assertThat(Path.of("CHANGELOG.md")).content().contains(notes.strip());
  }

  private static Path property(String name) {
    return Path.of(System.getProperty(name));
  }

  private static Path only(Path folder, String end) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith("." + end)).findAny().orElseThrow();
    }
  }

  private static List<? extends ZipEntry> entries(ZipFile zip) {
    return zip.stream().filter(entry -> !entry.isDirectory()).toList();
  }

  private static Map<String, String> sums(Path folder) throws Exception {
    Map<String, String> sums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sums.put(folder.relativize(file).toString(), sum(Files.readAllBytes(file)));
      }
    }
    return sums;
  }

  private static String sum(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
