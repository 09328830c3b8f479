package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That the commands of docs/organization.md are those that the templates take. */
final class OrganizationPageTest {

  private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");
  private static final Pattern TEMPLATE = Pattern.compile("--template-file (\\S+)");
  private static final Pattern PARAMETER = Pattern.compile(" ([A-Z][A-Za-z]+)=(\\S+)");

  /** What a reader puts in. */
  private static final Map<String, String> PLACEHOLDERS =
      Map.of("BUCKET", "code-123456789012", "BUS", Organization.BUS);

  @Test
  void eachDeploymentGivesWhatItsTemplateAsksFor() throws Exception {
    Map<Path, String> deployments = new LinkedHashMap<>();
    for (String command : commands()) {
      TEMPLATE
          .matcher(command)
          .results()
          .forEach(match -> deployments.put(Path.of(match.group(1)), command));
    }

    assertThat(deployments).containsOnlyKeys(Organization.CENTRAL, Organization.ROLLOUT);
    for (Map.Entry<Path, String> each : deployments.entrySet()) {
      JsonNode parameters =
          Deployment.of(each.getKey(), "aws", Deployment.REGION, Map.of())
              .template()
              .path("Parameters");
      Map<String, String> given = given(each.getValue());
      given.forEach(
          (name, value) ->
              assertThat(Deployment.accepts(parameters.path(name), value))
                  .as(name + "=" + value)
                  .isTrue());
      parameters.properties().stream()
          .filter(parameter -> !parameter.getValue().has("Default"))
          .forEach(parameter -> assertThat(given).containsKey(parameter.getKey()));
    }
  }

  @Test
  void whatIsUploadedIsInTheArchiveAndIsWhatIsRolledOut() throws Exception {
    String page = String.join("\n", commands());

    assertThat(page)
        .containsSubsequence(
            "s3 cp function.zip s3://BUCKET/function-0.1.0.zip",
            "s3 cp node-role-guard.json s3://BUCKET/node-role-guard-0.1.0.json",
            "CodeKey=function-0.1.0.zip",
            "TemplateKey=node-role-guard-0.1.0.json");
    JsonNode outputs = Organization.central().template().path("Outputs");
    assertThat(page).contains("Its outputs CodeBucket and ReportsBusArn");
    assertThat(outputs.has("CodeBucket")).isTrue();
    assertThat(outputs.has("ReportsBusArn")).isTrue();
  }

  @Test
  void fiveCommandsAreEnough() throws Exception {
    assertThat(blocks().filter(block -> block.contains(Organization.CENTRAL.toString())))
        .singleElement()
        .satisfies(
            block -> assertThat(block.lines().filter(line -> line.startsWith("aws "))).hasSize(5));
  }

  private static Map<String, String> given(String command) {
    Map<String, String> given = new LinkedHashMap<>();
    PARAMETER
        .matcher(command.substring(command.indexOf("--parameter-overrides")))
        .results()
        .forEach(
            match ->
                given.put(
                    match.group(1), PLACEHOLDERS.getOrDefault(match.group(2), match.group(2))));
    return given;
  }

  /** The page's commands, each with the comment before it and on one line. */
  private static List<String> commands() throws Exception {
    return blocks()
        .flatMap(block -> Stream.of(block.split("\n\n", -1)))
        .map(command -> command.replace("\\\n ", " "))
        .toList();
  }

  private static Stream<String> blocks() throws Exception {
    return BLOCK
        .matcher(Files.readString(Path.of("docs", "organization.md")))
        .results()
        .map(block -> block.group(1));
  }
}
