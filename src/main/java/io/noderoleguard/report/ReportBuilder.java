package io.noderoleguard.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the reports of roles, from several threads. Of many it keeps those that are not
 * COMPLIANT, so that the memory for it does not grow with the account.
 */
public final class ReportBuilder {

  private static final int MAX_LISTED_WHOLE = 50;

  private final Mode mode;
  private final Map<Status, Integer> counts = new EnumMap<>(Status.class);
  private final List<RoleReport> kept = new ArrayList<>();
  private int total;

  public ReportBuilder(Mode mode) {
    this.mode = mode;
  }

  public synchronized void add(RoleReport report) {
    total++;
    counts.merge(report.status(), 1, Integer::sum);
    if (total == MAX_LISTED_WHOLE + 1) {
      kept.removeIf(each -> each.status() == Status.COMPLIANT);
    }
    if (total <= MAX_LISTED_WHOLE || report.status() != Status.COMPLIANT) {
      kept.add(report);
    }
  }

  /** The report, its roles in the order of their names. */
  public synchronized Report build() {
    kept.sort(Comparator.comparing(RoleReport::roleName));
    return new Report(mode, counts, kept);
  }
}
