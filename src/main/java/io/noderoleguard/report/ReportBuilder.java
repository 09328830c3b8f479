package io.noderoleguard.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the reports of roles, from several threads. Of many it keeps those that are not
 * COMPLIANT, so that the memory for it does not grow with the account.
 *
 * <p>A role that is still being checked has a provisional report, so that a run that ends early
 * reports all that was found and changed until then.
 */
public final class ReportBuilder {

  private static final int MAX_LISTED_WHOLE = 50;

  private final Mode mode;
  private final Cause cause;
  private final Map<Status, Integer> counts = new EnumMap<>(Status.class);
  private final List<RoleReport> kept = new ArrayList<>();
  private final Map<String, RoleReport> provisional = new LinkedHashMap<>();
  private int total;
  private int notVerified;

  public ReportBuilder(Mode mode, Cause cause) {
    this.mode = mode;
    this.cause = cause;
  }

  /** Notes what the report of a role is if the run ends now. */
  public synchronized void update(RoleReport report) {
    provisional.put(report.roleName(), report);
  }

  /** Forgets a provisional report. */
  public synchronized void drop(String name) {
    provisional.remove(name);
  }

  /** Adds the final report of a role, in place of its provisional one. */
  public synchronized void add(RoleReport report) {
    drop(report.roleName());
    count(report);
  }

  private void count(RoleReport report) {
    total++;
    notVerified += report.isEffectVerified() ? 0 : 1;
    counts.merge(report.status(), 1, Integer::sum);
    if (total == MAX_LISTED_WHOLE + 1) {
      kept.removeIf(each -> each.status() == Status.COMPLIANT);
    }
    if (total <= MAX_LISTED_WHOLE || report.status() != Status.COMPLIANT) {
      kept.add(report);
    }
  }

  /** The report of all roles, the worst first, then by name. Ends the collecting. */
  public synchronized Report build() {
    provisional.values().forEach(this::count);
    provisional.clear();
    kept.sort(
        Comparator.comparing(RoleReport::status).reversed().thenComparing(RoleReport::roleName));
    return new Report(mode, cause, counts, kept, notVerified);
  }
}
