package io.noderoleguard.guard;

import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.report.ReportBuilder;
import io.noderoleguard.role.RoleState.Present;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * The readings after a sweep's repairs: of the account's list or of each role by its name, by
 * whichever takes fewer calls.
 */
final class Confirmation {

  /** A role by its name. */
  private static final int CALLS_PER_ROLE = 3;

  private final IamGateway iam;
  private final RoleCheck check;
  private final Run run;
  private final Semaphore permits;
  private final ReportBuilder report;

  Confirmation(IamGateway iam, RoleCheck check, Run run, Semaphore permits, ReportBuilder report) {
    this.iam = iam;
    this.check = check;
    this.run = run;
    this.permits = permits;
    this.report = report;
  }

  /**
   * Adds the report of each role. As long as changes are not visible, pauses and reads again; only
   * the roles concerned.
   *
   * @param pages how many calls the account's list takes
   */
  void of(List<Repair> repairs, int pages, Workers byName) {
    Map<String, Repair> open = new LinkedHashMap<>();
    repairs.forEach(repair -> open.put(key(repair.roleName()), repair));
    Patience.Wait wait = check.patience().within(run.budget());
    while (CALLS_PER_ROLE * open.size() > pages) {
      Map<String, Present> listed = new LinkedHashMap<>();
      if (!list(open, listed)) {
        break;
      }
      Map<String, Repair.Verdict> verdicts = verdicts(open, listed);
      open.entrySet()
          .removeIf(
              each -> {
                Repair.Verdict verdict =
                    verdicts.getOrDefault(each.getKey(), Repair.Verdict.OUTDATED);
                return isSettled(each.getValue(), verdict, byName);
              });
      if (!open.isEmpty() && !wait.pause()) {
        if (!Thread.currentThread().isInterrupted()) {
          open.values().forEach(repair -> report.add(repair.end()));
        }
        return;
      }
    }
    open.values().forEach(repair -> submit(repair, byName));
  }

  /** Whether the account's list need not be read again for the role. */
  private boolean isSettled(Repair repair, Repair.Verdict verdict, Workers byName) {
    switch (verdict) {
      case VISIBLE -> report.add(repair.end());
      case OUTDATED -> submit(repair, byName);
      case LATE -> {
        return false;
      }
    }
    return true;
  }

  private void submit(Repair repair, Workers byName) {
    byName.submit(repair.roleName(), () -> check.confirm(repair));
  }

  /** Whether the account's list was read; half of the time is left for the other way. */
  private boolean list(Map<String, Repair> open, Map<String, Present> listed) {
    run.budget().begin("reading the account's roles after the changes");
    Result<Integer> pages =
        iam.forEachRole(
            check.desiredHere(),
            run.budget().left().dividedBy(2),
            (name, _) -> open.containsKey(key(name)),
            (name, role) -> {
              if (role instanceof Ok<Present>(var present)) {
                listed.put(key(name), present);
              }
            });
    return switch (pages) {
      case Ok<Integer> _ -> true;
      case Failed<Integer> _ -> false;
    };
  }

  /** Of each role that is listed. Some take a call. */
  private Map<String, Repair.Verdict> verdicts(
      Map<String, Repair> open, Map<String, Present> listed) {
    Map<String, Repair.Verdict> verdicts = new ConcurrentHashMap<>();
    try (Workers workers = new Workers(permits, report)) {
      open.forEach(
          (key, repair) -> {
            Present present = listed.get(key);
            if (present != null) {
              workers.submit(repair.roleName(), () -> verdicts.put(key, repair.take(present)));
            }
          });
    }
    return verdicts;
  }

  /** IAM does not tell names apart by letter case. */
  private static String key(String roleName) {
    return roleName.toLowerCase(Locale.ROOT);
  }
}
