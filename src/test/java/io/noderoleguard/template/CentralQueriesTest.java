package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.noderoleguard.local.iam.DriftedRole;
import io.noderoleguard.rig.HandlerRig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.event.ruler.Machine;

/**
 * Three nights of 5,000 accounts: the guard's own reports go through the central rules by AWS's own
 * matcher, and what they log through the queries, translated for SQLite. The matcher is AWS's; the
 * engine of the queries is not.
 */
final class CentralQueriesTest {

  private static final int ACCOUNTS = 5_000;
  private static final int NIGHTS = 3;
  private static final Instant FIRST_NIGHT = Instant.parse("2026-01-12T03:00:00Z");
  private static final Instant LAST_NIGHT = FIRST_NIGHT.plus(Duration.ofDays(NIGHTS - 1L));

  /** Three hours after the last night, and so 27 after the night before. */
  private static final Instant NOW = LAST_NIGHT.plus(Duration.ofHours(3));

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private static Path folder;

  /** Of the last night, unless the account was silent: what it reported last. */
  private static final Map<String, String> LAST = new TreeMap<>();

  private static final Set<String> SILENT = new TreeSet<>();
  private static int logged;
  private static int messages;
  private static long bytes;

  @BeforeAll
  static void sendTheReports() throws Exception {
    Assumptions.assumeTrue(Tool.works("python3", "-c", "import sqlite3"), "Python has no SQLite");
    Map<String, String> reports = reports();
    Deployment central = Organization.central();
    Machine rules = Machine.builder().build();
    for (String rule : central.resourcesOf("AWS::Events::Rule")) {
      rules.addRule(rule, central.properties(rule).path("EventPattern").toString());
    }
    Random random = new Random(20);
    List<String> lines = new ArrayList<>();
    for (int night = 0; night < NIGHTS; night++) {
      for (int i = 0; i < ACCOUNTS; i++) {
        String account = "%012d".formatted(100_000_000_000L + i * 7_919L);
        boolean silent = night == NIGHTS - 1 && i % 700 == 13;
        if (silent) {
          SILENT.add(account);
          continue;
        }
        Instant at =
            FIRST_NIGHT
                .plus(Duration.ofDays(night))
                .plusMillis(random.nextInt((int) Duration.ofMinutes(10).toMillis()));
        int chance = random.nextInt(1_000);
        String status =
            chance < 4
                ? "FAILED"
                : chance < 24 ? "DRIFTED" : chance < 54 ? "REPAIRED" : "COMPLIANT";
        LAST.put(account, status);
        String event =
            status.equals("FAILED")
                ? Organization.failed(account, at.toString(), "iam:GetRole was denied")
                : Organization.reported(
                    account, at.toString(), Objects.requireNonNull(reports.get(status)));
        for (String rule : rules.rulesForJSONEvent(event)) {
          if (rule.equals("ReportsRule")) {
            lines.add(at.toEpochMilli() + "\t" + event);
            bytes += event.length();
          } else {
            messages++;
          }
        }
      }
    }
    logged = lines.size();
    Files.write(folder.resolve("log"), lines);
  }

  /** Reports as the guard writes them, by status. */
  private static Map<String, String> reports() throws Exception {
    Map<String, String> reports = new LinkedHashMap<>();
    try (HandlerRig rig = new HandlerRig(Duration.ofSeconds(2))) {
      DriftedRole.addTo(rig.iam().account());
      for (String mode : List.of("Audit", "Repair", "Repair")) {
        rig.environment().put("MODE", mode);
        String report = rig.handle(HandlerRig.sample("scheduler.json"));
        reports.put(JSON.readTree(report).path("status").asText(), report);
      }
    }
    assertThat(reports).containsOnlyKeys("DRIFTED", "REPAIRED", "COMPLIANT");
    return reports;
  }

  @Test
  void everyReportIsLoggedOnceAndOneMessageIsSentOfEachThatIsNotCompliant() {
    assertThat(logged).isEqualTo(ACCOUNTS * NIGHTS - SILENT.size());
    assertThat(messages).isBetween(logged * 4 / 100, logged * 7 / 100);
    // What docs/organization.md calculates with: two kilobytes an event
    assertThat(bytes / logged).isBetween(1_000L, 2_500L);
  }

  @Test
  void anAccountThatNoLongerReportsIsFoundAndNoOther() throws Exception {
    String query = silenceQuery(Organization.central("aws", Map.of("SilenceHours", "25")));

    assertThat(SILENT).hasSize(8);
    assertThat(run(query, NOW))
        .extracting(row -> row.path("account").asText())
        .hasSameElementsAs(SILENT);
    assertThat(run(query, LAST_NIGHT)).as("in time").isEmpty();
  }

  /** By default a day and a quarter: the night after the first one without a report. */
  @Test
  void theDefaultIsPatientForANightThatIsLate() throws Exception {
    String query = silenceQuery(Organization.central());

    assertThat(run(query, NOW)).isEmpty();
    assertThat(run(query, LAST_NIGHT.plus(Duration.ofHours(7)))).hasSameSizeAs(SILENT);
    assertThat(run(query, LAST_NIGHT.plus(Duration.ofHours(31)))).hasSize(ACCOUNTS);
  }

  @Test
  void theOldestReportsAreListedFirst() throws Exception {
    List<JsonNode> rows = run(widget("Accounts whose last report is oldest"), NOW);

    assertThat(rows).hasSize(50);
    assertThat(rows.subList(0, SILENT.size()))
        .extracting(row -> row.path("account").asText())
        .hasSameElementsAs(SILENT);
  }

  @Test
  void accountsAreCountedByTheirLastReport() throws Exception {
    Map<String, Integer> expected = new TreeMap<>();
    for (String status : LAST.values()) {
      expected.merge(status.equals("FAILED") ? "RetriesExhausted" : status, 1, Integer::sum);
    }
    Map<String, Integer> counted = new TreeMap<>();
    run(widget("Accounts by their last report: its status, or why the check failed"), NOW)
        .forEach(row -> counted.put(row.path("state").asText(), row.path("accounts").asInt()));

    assertThat(counted).isEqualTo(expected);
    assertThat(counted.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(ACCOUNTS);
  }

  @Test
  void driftAndFailuresAreListedWithTheirReasons() throws Exception {
    List<JsonNode> rows = run(widget("Last reports of drift, repairs and failures"), NOW);

    assertThat(rows)
        .hasSize(100)
        .allSatisfy(
            row -> {
              assertThat(row.path("account").asText()).matches("[0-9]{12}");
              assertThat(row.path("status").asText()).isNotEqualTo("COMPLIANT");
              assertThat(row.path("what").asText()).isNotEmpty();
            });
    assertThat(run(widget("Accounts with drift, and in how many reports"), NOW))
        .hasSize(100)
        .allSatisfy(row -> assertThat(row.path("reports").asInt()).isBetween(1, NIGHTS));
  }

  /** The queries of the dashboard by title, and the alarm's. */
  static Map<String, String> queries(Deployment central) throws Exception {
    Map<String, String> queries = new LinkedHashMap<>();
    for (JsonNode widget : DashboardBody.of(central).path("widgets")) {
      if (widget.path("type").asText().equals("log")) {
        queries.put(
            widget.at("/properties/title").asText(), widget.at("/properties/query").asText());
      }
    }
    queries.put("silence", silenceQuery(central));
    return queries;
  }

  private static String widget(String title) throws Exception {
    return queries(Organization.central()).getOrDefault(title, "");
  }

  private static String silenceQuery(Deployment central) {
    return central
        .properties("SilenceAlarm")
        .at("/ScheduledQueryConfiguration/QueryString")
        .asText();
  }

  private static List<JsonNode> run(String query, Instant now) throws Exception {
    assertThat(query).isNotEmpty();
    Path file = Files.writeString(folder.resolve("query"), query);
    Tool.Run run =
        Tool.run(
            Path.of(""),
            "python3",
            "src/test/resources/template/insights.py",
            file.toString(),
            folder.resolve("log").toString(),
            String.valueOf(now.toEpochMilli()));
    assertThat(run.exitCode()).as(run.errors()).isZero();
    List<JsonNode> rows = new ArrayList<>();
    JSON.readTree(run.output()).forEach(rows::add);
    return rows;
  }
}
