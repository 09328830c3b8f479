package io.noderoleguard.report;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The result of one run.
 *
 * @param counts how many roles have each status; a status that no role has is optional
 * @param roles all roles, or where they are many, those that are not COMPLIANT
 */
public record Report(Mode mode, Map<Status, Integer> counts, List<RoleReport> roles) {

  private static final int SUMMARY_LENGTH = 1_000;

  public Report {
    counts = Map.copyOf(counts);
    roles = List.copyOf(roles);
  }

  /** The report of a single role. */
  public static Report of(Mode mode, RoleReport role) {
    return new Report(mode, Map.of(role.status(), 1), List.of(role));
  }

  /** How many roles have this status. */
  public int count(Status status) {
    return counts.getOrDefault(status, 0);
  }

  /** The worst status of a role; COMPLIANT when no role was checked. */
  public Status status() {
    return counts.keySet().stream().max(Comparator.naturalOrder()).orElse(Status.COMPLIANT);
  }

  /**
   * The report in one line for a person, at most {@value #SUMMARY_LENGTH} characters. Without
   * quotation marks, backslashes and line breaks: EventBridge puts it into a message <a
   * href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html">without
   * escaping</a>.
   */
  public String summary() {
    String line =
        (totals()
                + roles.stream()
                    .map(role -> role.summary(isOfOneRole()))
                    .collect(Collectors.joining(" ")))
            .strip()
            .replace('"', '\'')
            .replaceAll("[\\\\\\p{Cntrl}]+", " ");
    return line.length() <= SUMMARY_LENGTH ? line : line.substring(0, SUMMARY_LENGTH - 1) + "…";
  }

  /** "3 roles: 2 COMPLIANT, 1 FAILED. ", or nothing where there is just one. */
  private String totals() {
    if (isOfOneRole()) {
      return "";
    }
    String each =
        new EnumMap<>(counts.isEmpty() ? Map.of(Status.COMPLIANT, 0) : counts)
            .entrySet().stream()
                .map(count -> "%d %s".formatted(count.getValue(), count.getKey()))
                .collect(Collectors.joining(", "));
    return "%d roles: %s. ".formatted(total(), each);
  }

  private boolean isOfOneRole() {
    return total() == 1;
  }

  private int total() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
