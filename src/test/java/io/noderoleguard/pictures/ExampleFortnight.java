package io.noderoleguard.pictures;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Invented data of two weeks: what the metrics and the log of a guard of one role may hold. */
final class ExampleFortnight {

  static final int NIGHTS = 14;

  private static final LocalDate FIRST = LocalDate.of(2026, 1, 2);
  private static final String ECR = "AmazonEC2ContainerRegistryReadOnly";
  private static final String CNI = "AmazonEKS_CNI_Policy";
  private static final String ATTACHED = "AttachManagedPolicy";
  private static final String QUOTA =
      "iam:AttachRolePolicy for role NodeInstanceRole failed: LimitExceeded: Cannot exceed quota"
          + " for PoliciesPerRole: 10";

  /** A type with its sentence. */
  private record Entry(String type, String message, boolean failed) {

    Entry(String type, String message) {
      this(type, message, false);
    }
  }

  private record Night(String status, List<Entry> findings, List<Entry> changes) {}

  private static final Night QUIET = new Night("COMPLIANT", List.of(), List.of());

  private static final Map<Integer, Night> OTHERS =
      Map.of(
          4,
          new Night("REPAIRED", List.of(detached(CNI)), List.of(attached(CNI))),
          8,
          new Night("FAILED", List.of(detached(ECR)), List.of(new Entry(ATTACHED, QUOTA, true))),
          9,
          new Night("REPAIRED", List.of(detached(ECR)), List.of(attached(ECR))),
          13,
          new Night(
              "REPAIRED",
              List.of(
                  new Entry(
                      "TrustPolicyDiffers",
                      "The trust policy also trusts arn:aws:iam::999999999999:root."),
                  detached(CNI),
                  new Entry("InstanceProfileMissing", "No instance profile holds the role.")),
              List.of(
                  new Entry("UpdateTrustPolicy", "Replaced the trust policy."),
                  attached(CNI),
                  new Entry(
                      "CreateInstanceProfile", "Created the instance profile NodeInstanceRole."),
                  new Entry(
                      "AddRoleToInstanceProfile",
                      "Added the role to the instance profile NodeInstanceRole."))));

  private ExampleFortnight() {}

  private static Entry detached(String policy) {
    return new Entry(
        "ManagedPolicyNotAttached",
        "The managed policy arn:aws:iam::aws:policy/%s is not attached.".formatted(policy));
  }

  private static Entry attached(String policy) {
    return new Entry(ATTACHED, "Attached arn:aws:iam::aws:policy/%s.".formatted(policy));
  }

  private static Night night(int index) {
    return OTHERS.getOrDefault(index, QUIET);
  }

  static LocalDate date(int index) {
    return FIRST.plusDays(index);
  }

  /** The values that a dimension has, by name. */
  static List<String> valuesOf(String metric) {
    if (!metric.equals("Findings")) {
      throw new IllegalArgumentException("No example of " + metric);
    }
    TreeSet<String> types = new TreeSet<>();
    OTHERS.values().forEach(night -> night.findings().forEach(it -> types.add(it.type())));
    return List.copyOf(types);
  }

  /** What a metric counted in a night; the dimension's value matters to some of them. */
  static double value(String metric, String dimension, String statistic, int index) {
    Night night = night(index);
    boolean failed = night.status().equals("FAILED");
    return switch (metric) {
      case "Reports" -> night.status().equals(dimension) ? 1 : 0;
      case "Findings" -> count(night.findings().stream().map(Entry::type), dimension);
      case "Changes" ->
          count(
              night.changes().stream().map(change -> change.failed() ? "FAILED" : "APPLIED"),
              dimension);
      case "Duration" ->
          (statistic.equals("Maximum") ? 1900 : 1700)
              + 420 * night.changes().size()
              + index * 37 % 150;
      case "Invocations", "ScheduledChecks" -> 1;
      case "RepairDelay" ->
          (statistic.equals("Maximum") ? 79_000 : 74_000) + 1_300 * night.changes().size();
      case "Errors", "LoggedErrors" -> failed ? 1 : 0;
      case "Drift",
          "Throttles",
          "DestinationDeliveryFailures",
          "ApproximateNumberOfMessagesVisible" ->
          0;
      default -> throw new IllegalArgumentException("No example of " + metric);
    };
  }

  private static double count(Stream<String> values, String value) {
    return values.filter(value::equals).count();
  }

  /** The lines of the log as their fields, the newest first. */
  static List<Map<String, String>> log() {
    List<Map<String, String>> lines = new ArrayList<>();
    for (int i = 0; i < NIGHTS; i++) {
      Night night = night(i);
      List<String> sentences = new ArrayList<>();
      sentences.add("NodeInstanceRole is %s.".formatted(night.status()));
      if (!night.findings().isEmpty()) {
        lines.add(change(i, lines.size()));
      }
      for (Entry finding : night.findings()) {
        lines.add(line(i, lines.size(), Map.of("finding", finding.type()), finding.message()));
        sentences.add(finding.message());
      }
      for (Entry change : night.changes()) {
        Map<String, String> fields =
            Map.of("change", change.type(), "outcome", change.failed() ? "FAILED" : "APPLIED");
        lines.add(line(i, lines.size(), fields, change.message()));
        sentences.add(change.message());
      }
      Map<String, String> report =
          line(i, lines.size(), Map.of("status", night.status()), String.join(" ", sentences));
      report.remove("role");
      report.put("mode", "Repair");
      lines.add(report);
    }
    return lines.reversed();
  }

  /** Who brought about what is found. */
  private static Map<String, String> change(int night, int number) {
    boolean byPerson = night == NIGHTS - 1;
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("change_action", byPerson ? "UpdateAssumeRolePolicy" : "DetachRolePolicy");
    fields.put("changed_at", "%sT02:58:49Z".formatted(date(night)));
    fields.put(
        "changed_by",
        byPerson
            ? "arn:aws:iam::123456789012:user/alice"
            : "arn:aws:sts::123456789012:assumed-role/ci/build-%d".formatted(7 + night));
    if (!night(night).status().equals("FAILED")) {
      fields.put("repair_delay_ms", Integer.toString(74_000 + 311 * night));
    }
    return line(night, number, fields, "");
  }

  private static Map<String, String> line(
      int night, int number, Map<String, String> fields, String message) {
    Map<String, String> line = new LinkedHashMap<>(fields);
    line.put("@timestamp", "%s 03:00:03.%03d".formatted(date(night), number * 31));
    line.put("role", "NodeInstanceRole");
    line.put("message", message);
    line.put("function_request_id", "%08x-7b61-11e6".formatted(0x5af9ac6 + night * 0x6b3f1d7));
    return line;
  }
}
