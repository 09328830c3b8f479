package io.noderoleguard.guard;

import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.report.Coverage;
import io.noderoleguard.report.Coverage.UnguardedRole;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.AccessEntry;
import io.noderoleguard.role.Cluster;
import io.noderoleguard.role.ClusterName;
import io.noderoleguard.role.RoleSelection;
import io.noderoleguard.role.RoleState.Present;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for node roles that the clusters use and nothing guards. A cluster's list of access entries
 * does not say which of them are of nodes: the others' are read one by one, as far as they can be a
 * node role's, and a limited number of them.
 */
final class CoverageCheck {

  /** At the pace of the calls, 20 seconds. */
  private static final int MAX_READ = 200;

  private static final int MAX_PARALLEL = 4;

  private static final Pattern ROLE =
      Pattern.compile("arn:[^:]+:iam::(?<account>[0-9]{12}):role(?<path>/(.+/)?)(?<name>[^/]+)");

  private final ClusterAccess access;
  private final RoleSelection selection;
  private final Set<String> knownArns = new HashSet<>();
  private final Set<String> knownNames = new HashSet<>();
  private final Set<String> accounts = new HashSet<>();

  /** A pattern whose roles could not be read: whatever it matches may be guarded. */
  private final boolean isIncomplete;

  private final Map<String, Use> uses = new TreeMap<>();
  private int unread;

  private record Use(Set<String> clusters, Set<String> by) {}

  private record Candidate(ClusterName cluster, String principalArn) {}

  CoverageCheck(ClusterAccess access, RoleSelection selection) {
    this.access = access;
    this.selection = selection;
    List<RoleReport> reports = access.report().reports();
    for (RoleReport report : reports) {
      report.role().map(Present::arn).ifPresent(knownArns::add);
      report.role().map(Present::account).ifPresent(accounts::add);
      if (report.role().isEmpty()) {
        knownNames.add(report.roleName().toLowerCase(Locale.ROOT));
      }
    }
    this.isIncomplete =
        reports.stream()
            .filter(report -> report.status() == Status.FAILED)
            .anyMatch(
                report ->
                    selection.patterns().stream()
                        .anyMatch(pattern -> pattern.text().equals(report.roleName())));
  }

  /** Reports what it finds, and what is known until then when the time is up. */
  void run(List<Cluster> clusters) {
    for (Cluster cluster : clusters) {
      cluster.uses().forEach((role, by) -> by.forEach(what -> note(role, cluster.name(), what)));
    }
    List<Candidate> candidates = candidates(clusters);
    unread = candidates.size();
    report();
    try (Workers workers = new Workers(new Semaphore(MAX_PARALLEL, true), access.report())) {
      candidates.stream()
          .limit(MAX_READ)
          .forEach(
              each ->
                  workers.submit(
                      RoleReport.clusterName(each.cluster().toString()), () -> read(each)));
    }
    access
        .report()
        .coverage()
        .map(Coverage::unguarded)
        .orElse(List.of())
        .forEach(GuardLog::unguarded);
  }

  /** The entries that may be of nodes: first one of each principal, then its others. */
  private List<Candidate> candidates(List<Cluster> clusters) {
    Map<String, Integer> seen = new HashMap<>();
    Map<Candidate, Integer> rank = new LinkedHashMap<>();
    for (Cluster cluster : clusters) {
      for (String principal : new TreeSet<>(cluster.principalArns())) {
        if (!uses.containsKey(principal) && isUnguardedRole(principal)) {
          rank.put(
              new Candidate(cluster.name(), principal), seen.merge(principal, 1, Integer::sum));
        }
      }
    }
    return rank.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Nodes have roles of the cluster's account that are not reserved for an AWS service. */
  private boolean isUnguardedRole(String arn) {
    Matcher role = ROLE.matcher(arn);
    return role.matches()
        && (accounts.isEmpty() || accounts.contains(role.group("account")))
        && !Present.isReservedForAws(role.group("path"))
        && !knownArns.contains(arn)
        && !knownNames.contains(role.group("name").toLowerCase(Locale.ROOT))
        && !(isIncomplete && selection.target(role.group("name")).isPresent());
  }

  private void read(Candidate candidate) {
    if (access.run().budget().isSpent()) {
      return;
    }
    access.run().budget().begin("reading access entries of " + candidate.cluster());
    var result =
        access
            .eks()
            .entry(candidate.cluster(), candidate.principalArn(), access.run().budget().left());
    switch (result) {
      case Ok<AccessEntry>(var entry) -> {
        if (entry.isOfNodes()) {
          note(
              candidate.principalArn(),
              candidate.cluster(),
              "access entry of type " + entry.type());
        }
        isRead();
      }
      case Failed<AccessEntry> _ -> report();
    }
  }

  private synchronized void isRead() {
    unread--;
    report();
  }

  private synchronized void note(String roleArn, ClusterName cluster, String by) {
    if (isUnguardedRole(roleArn)) {
      Use use = uses.computeIfAbsent(roleArn, _ -> new Use(new TreeSet<>(), new TreeSet<>()));
      use.clusters().add(cluster.toString());
      use.by().add(by);
    }
  }

  private synchronized void report() {
    access
        .report()
        .cover(
            new Coverage(
                uses.entrySet().stream()
                    .map(
                        use ->
                            new UnguardedRole(
                                use.getKey(),
                                List.copyOf(use.getValue().clusters()),
                                List.copyOf(use.getValue().by())))
                    .toList(),
                unread));
  }
}
