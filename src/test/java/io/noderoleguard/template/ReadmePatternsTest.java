package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.noderoleguard.role.RoleSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That the documented patterns match the names that tools really give to node roles. */
final class ReadmePatternsTest {

  private static final Path SETTINGS = Path.of("docs", "settings.md");
  private static final Path NAMES =
      Path.of("src/test/resources/cases/names-under-the-readme-pattern.json");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** A row of the table: who makes roles, names of such roles, and what to put into RoleNames. */
  record Row(String tool, List<String> names, List<String> patterns) {

    boolean covers(String name) {
      return RoleSelection.of(patterns).target(name).isPresent();
    }
  }

  static List<Row> rows() throws IOException {
    return Files.readAllLines(SETTINGS).stream()
        .dropWhile(line -> !line.startsWith("| roles made by |"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> line.split("\\|", -1))
        .map(cells -> new Row(cells[1].strip(), codes(cells[2]), codes(cells[3])))
        .toList();
  }

  static Stream<String> realNames() throws IOException {
    JsonNode names = new JsonMapper().readTree(NAMES.toFile()).path("names");
    assertThat(names).isNotEmpty();
    return names.valueStream().map(JsonNode::asText);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void thePatternsOfARowMatchItsNamesAndNoneIsThereForNothing(Row row) {
    assertThat(row.names()).isNotEmpty().allMatch(row::covers);
    assertThat(row.patterns())
        .allSatisfy(
            pattern ->
                assertThat(row.names())
                    .anyMatch(new Row(row.tool(), row.names(), List.of(pattern))::covers));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aDeploymentTakesThem(Row row) throws Exception {
    assertThat(
            Deployment.accepts(
                Deployment.withDefaults().template().at("/Parameters/RoleNames"),
                String.join(",", row.patterns())))
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("realNames")
  void everyRealNameIsCoveredByARow(String name) throws IOException {
    assertThat(rows()).anyMatch(row -> row.covers(name));
  }

  @Test
  void noRowCoversAllAndNoPageSaysThatOneDoes() throws IOException {
    List<String> real = realNames().toList();

    assertThat(rows()).hasSizeGreaterThan(5).noneMatch(row -> real.stream().allMatch(row::covers));
    assertThat(List.of(Path.of("README.md"), SETTINGS))
        .allSatisfy(
            page -> assertThat(page).content().doesNotContainPattern("guards\\s+them\\s+all"));
  }

  private static List<String> codes(String cell) {
    return CODE.matcher(cell).results().map((MatchResult code) -> code.group(1)).toList();
  }
}
