package io.noderoleguard.guard;

import io.noderoleguard.aws.AwsProblem.Kind;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.AccessEntries;
import io.noderoleguard.role.Cluster;
import io.noderoleguard.role.ClusterName;
import io.noderoleguard.role.ClusterSelection;
import io.noderoleguard.role.ClusterSelection.ClusterNotFound;
import io.noderoleguard.role.ClusterSelection.Entry;
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.Note;
import io.noderoleguard.role.RoleState.Present;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * What the clusters know of the roles of a run, after the roles themselves were checked. Clusters
 * and entries are read side by side, with a bound; the failure of one does not affect the others.
 */
final class ClusterCheck {

  private static final int MAX_PARALLEL = 8;

  private final ClusterAccess access;
  private final ClusterSelection selection;
  private final Semaphore permits = new Semaphore(MAX_PARALLEL, true);
  private final List<Cluster> read = Collections.synchronizedList(new ArrayList<>());
  private final List<EntryCheck> entries = Collections.synchronizedList(new ArrayList<>());

  /** Notes that the clusters will be checked, so that they are in the report whatever happens. */
  ClusterCheck(ClusterAccess access, ClusterSelection selection) {
    this.access = access;
    this.selection = selection;
    selection.entries().forEach(entry -> expect(entry.toString()));
  }

  private void expect(String cluster) {
    access.report().update(RoleReport.clusterFailed(cluster, "It was not checked: out of time."));
  }

  private void drop(String cluster) {
    access.report().drop(RoleReport.clusterName(cluster));
  }

  /**
   * Checks the access entries of the roles that the report has.
   *
   * @return the clusters that could be read
   */
  List<Cluster> run() {
    Map<String, Present> roles = roles();
    List<ClusterName> clusters = clusters();
    clusters.forEach(cluster -> expect(cluster.toString()));
    selection.entries().stream()
        .map(Entry::toString)
        .filter(entry -> clusters.stream().noneMatch(name -> name.toString().equals(entry)))
        .forEach(this::drop);
    try (Workers workers = new Workers(permits, access.report())) {
      clusters.forEach(
          name ->
              workers.submit(RoleReport.clusterName(name.toString()), () -> check(name, roles)));
    }
    try (Workers workers = new Workers(permits, access.report())) {
      entries.forEach(check -> workers.submit(check.entry().role().name(), check::run));
    }
    return List.copyOf(read);
  }

  /** The roles that exist and are the guard's to change, by their ARNs. */
  private Map<String, Present> roles() {
    Map<String, Present> roles = new HashMap<>();
    for (RoleReport report : access.report().reports()) {
      if (report.findings().stream().noneMatch(Finding::isDecisive)) {
        report.role().ifPresent(role -> roles.put(role.arn(), role));
      }
    }
    return roles;
  }

  /** The clusters that are meant, each once. */
  private List<ClusterName> clusters() {
    Map<String, Result<List<String>>> listed = new HashMap<>();
    Map<ClusterName, Entry> clusters = new LinkedHashMap<>();
    for (Entry entry : selection.entries()) {
      String region = entry.region().orElseGet(access.eks()::homeRegion);
      if (entry.name().isPresent()) {
        clusters.putIfAbsent(new ClusterName(region, entry.name().get()), entry);
        continue;
      }
      switch (listed.computeIfAbsent(region, this::list)) {
        case Failed<List<String>>(var problem) ->
            access.report().add(RoleReport.clusterFailed(entry.toString(), problem.message()));
        case Ok<List<String>>(var names) -> {
          List<String> meant = names.stream().filter(entry::matches).toList();
          meant.forEach(name -> clusters.putIfAbsent(new ClusterName(region, name), entry));
          if (meant.isEmpty()) {
            notFound(entry.toString());
          }
        }
      }
    }
    return List.copyOf(clusters.keySet());
  }

  private Result<List<String>> list(String region) {
    access.run().budget().begin("listing the clusters of " + region);
    return access.eks().clusterNames(region, access.run().budget().left());
  }

  private void notFound(String cluster) {
    ClusterNotFound finding = new ClusterNotFound(cluster);
    GuardLog.finding(RoleReport.clusterName(cluster), finding);
    access.report().add(RoleReport.clusterNotFound(finding));
  }

  private void check(ClusterName name, Map<String, Present> roles) {
    access.run().budget().begin("reading the cluster " + name);
    switch (access.eks().cluster(name, access.run().budget().left())) {
      case Ok<Cluster>(var cluster) -> {
        read.add(cluster);
        roles.values().forEach(role -> compare(role, cluster));
        cluster.principalArns().stream()
            .sorted()
            .flatMap(arn -> Optional.ofNullable(roles.get(arn)).stream())
            .map(role -> new EntryCheck(new EntryOfRole(access, name, role)))
            .forEach(
                entry -> {
                  entry.expect();
                  entries.add(entry);
                });
        drop(name.toString());
      }
      case Failed<Cluster>(var problem) when problem.kind() == Kind.NOT_FOUND ->
          notFound(name.toString());
      case Failed<Cluster>(var problem) ->
          access.report().add(RoleReport.clusterFailed(name.toString(), problem.message()));
    }
  }

  /** Adds to the role's report what the cluster says of it. */
  private void compare(Present role, Cluster cluster) {
    List<Note> notes = AccessEntries.notes(role, cluster);
    List<Finding> missing =
        AccessEntries.missing(role, cluster).<Finding>map(each -> each).stream().toList();
    if (notes.isEmpty() && missing.isEmpty()) {
      return;
    }
    missing.forEach(finding -> GuardLog.finding(role.name(), finding));
    GuardLog.notes(role.name(), notes);
    access
        .report()
        .supplement(
            "use by " + cluster.name(),
            new RoleReport(
                role.name(),
                Optional.of(role),
                missing.isEmpty() ? Status.COMPLIANT : Status.DRIFTED,
                missing,
                List.of(),
                missing,
                notes,
                Optional.empty()));
  }
}
