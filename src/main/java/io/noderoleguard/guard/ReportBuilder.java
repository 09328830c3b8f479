package io.noderoleguard.guard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the reports of roles, from several threads. Of many it keeps those that are not
 * COMPLIANT, so that the memory for it does not grow with the account.
 */
final class ReportBuilder {

  private static final int ALL_ARE_KEPT_UP_TO = 50;

  private final Mode mode;
  private final Map<Status, Integer> counts = new EnumMap<>(Status.class);
  private final List<RoleReport> kept = new ArrayList<>();
  private int total;

  ReportBuilder(Mode mode) {
    this.mode = mode;
  }

  synchronized void add(RoleReport report) {
    total++;
    counts.merge(report.status(), 1, Integer::sum);
    if (total == ALL_ARE_KEPT_UP_TO + 1) {
      kept.removeIf(each -> each.status() == Status.COMPLIANT);
    }
    if (total <= ALL_ARE_KEPT_UP_TO || report.status() != Status.COMPLIANT) {
      kept.add(report);
    }
  }

  /** The report, its roles in the order of their names. */
  synchronized Report build() {
    kept.sort(Comparator.comparing(RoleReport::roleName));
    return new Report(mode, counts, kept);
  }
}
