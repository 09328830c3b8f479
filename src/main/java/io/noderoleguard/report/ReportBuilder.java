package io.noderoleguard.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
  private final Map<String, Map<String, RoleReport>> supplements = new TreeMap<>();
  private Optional<Coverage> coverage = Optional.empty();
  private boolean keepsAll;
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

  /**
   * Keeps all reports until the end, for those who add to them: {@link #reports} and {@link
   * #supplement}.
   */
  public synchronized ReportBuilder keepingAll() {
    keepsAll = true;
    return this;
  }

  /** The final reports so far. */
  public synchronized List<RoleReport> reports() {
    return List.copyOf(kept);
  }

  /**
   * Notes what else there is to report of a role, besides its final report.
   *
   * @param about what this is about; a later one about the same replaces it
   */
  public synchronized void supplement(String about, RoleReport more) {
    supplements.computeIfAbsent(more.roleName(), _ -> new TreeMap<>()).put(about, more);
  }

  /** Notes which node roles nothing guards, as far as it is known. */
  public synchronized void cover(Coverage known) {
    coverage = Optional.of(known);
  }

  /** What {@link #cover} noted last. */
  public synchronized Optional<Coverage> coverage() {
    return coverage;
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
    kept.add(report);
    if (!keepsAll) {
      prune();
    }
  }

  private void prune() {
    if (total > MAX_LISTED_WHOLE) {
      kept.removeIf(each -> each.status() == Status.COMPLIANT);
    }
  }

  private RoleReport supplemented(RoleReport report) {
    RoleReport whole = report;
    for (RoleReport more : supplements.getOrDefault(report.roleName(), Map.of()).values()) {
      whole = whole.plus(more);
    }
    counts.merge(report.status(), -1, Integer::sum);
    counts.merge(whole.status(), 1, Integer::sum);
    counts.values().removeIf(count -> count == 0);
    return whole;
  }

  /** The report of all roles, the worst first, then by name. Ends the collecting. */
  public synchronized Report build() {
    provisional.values().forEach(this::count);
    provisional.clear();
    kept.replaceAll(this::supplemented);
    prune();
    kept.sort(
        Comparator.comparing(RoleReport::status).reversed().thenComparing(RoleReport::roleName));
    return new Report(mode, cause, counts, kept, notVerified, coverage);
  }
}
