package io.noderoleguard.report;

import io.noderoleguard.report.ChangeResult.Outcome;
import io.noderoleguard.role.ClusterSelection.ClusterNotFound;
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.Note;
import io.noderoleguard.role.Observation;
import io.noderoleguard.role.Permissions;
import io.noderoleguard.role.RoleSelection.NothingGuarded;
import io.noderoleguard.role.RoleState.Present;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The result of checking one role.
 *
 * @param role the role as it was read last; empty when it does not exist or could not be read
 * @param findings what differed at first
 * @param changes what was to be changed, and what became of it, in order
 * @param remaining what differs at the end
 * @param notes what is worth knowing although it does not differ
 * @param problem why the role's state is unknown, or why it was not repaired
 * @param history who changed the role, as far as that is known
 */
public record RoleReport(
    String roleName,
    Optional<Present> role,
    Status status,
    List<Finding> findings,
    List<ChangeResult> changes,
    List<Finding> remaining,
    List<Note> notes,
    Optional<String> problem,
    RoleHistory history) {

  /** A report that does not say who changed the role. */
  public RoleReport(
      String roleName,
      Optional<Present> role,
      Status status,
      List<Finding> findings,
      List<ChangeResult> changes,
      List<Finding> remaining,
      List<Note> notes,
      Optional<String> problem) {
    this(roleName, role, status, findings, changes, remaining, notes, problem, RoleHistory.NONE);
  }

  public RoleReport {
    findings = List.copyOf(findings);
    changes = List.copyOf(changes);
    remaining = List.copyOf(remaining);
    notes = List.copyOf(notes);
  }

  /** The report of a role whose state is unknown. */
  public static RoleReport failed(String roleName, String problem) {
    return new RoleReport(
        roleName,
        Optional.empty(),
        Status.FAILED,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.of(problem));
  }

  /**
   * The report of a role that was left as it is: nothing differs, or the guard may not change what
   * does.
   */
  public static RoleReport untouched(String roleName, Observation found) {
    return new RoleReport(
        roleName,
        found.role(),
        found.findings().isEmpty() ? Status.COMPLIANT : Status.DRIFTED,
        found.findings(),
        List.of(),
        found.findings(),
        found.notes(),
        Optional.empty());
  }

  /** The report of a pattern that matches no role. */
  public static RoleReport nothingGuarded(NothingGuarded finding) {
    return new RoleReport(
        finding.pattern(),
        Optional.empty(),
        Status.DRIFTED,
        List.of(finding),
        List.of(),
        List.of(finding),
        List.of(),
        Optional.empty());
  }

  /** The report of a role that should have been repaired and was not. */
  public static RoleReport notRepaired(String roleName, Observation found, String problem) {
    return new RoleReport(
        roleName,
        found.role(),
        Status.FAILED,
        found.findings(),
        List.of(),
        found.findings(),
        found.notes(),
        Optional.of(problem));
  }

  /**
   * The report of a cluster that was not or not wholly checked, in place of a role's.
   *
   * @param cluster as it was selected
   */
  public static RoleReport clusterFailed(String cluster, String problem) {
    return failed(clusterName(cluster), problem);
  }

  /** The report of a cluster that does not exist, in place of a role's. */
  public static RoleReport clusterNotFound(ClusterNotFound finding) {
    return new RoleReport(
        clusterName(finding.cluster()),
        Optional.empty(),
        Status.DRIFTED,
        List.of(finding),
        List.of(),
        List.of(finding),
        List.of(),
        Optional.empty());
  }

  /** How a cluster is called where a role's name belongs. */
  public static String clusterName(String cluster) {
    return "cluster " + cluster;
  }

  /** This report and a further one of the same role: all of both, and the worse status. */
  public RoleReport plus(RoleReport more) {
    return new RoleReport(
        roleName,
        role,
        status.compareTo(more.status) < 0 ? more.status : status,
        joined(findings, more.findings),
        joined(changes, more.changes),
        joined(remaining, more.remaining),
        joined(notes, more.notes),
        problem
            .map(text -> more.problem.map(other -> text + " " + other).orElse(text))
            .or(more::problem),
        history);
  }

  private static <T> List<T> joined(List<? extends T> first, List<? extends T> second) {
    return Stream.<T>concat(first.stream(), second.stream()).toList();
  }

  /** Whether all is known of what nodes can do that was to be verified. */
  boolean isEffectVerified() {
    return role.flatMap(present -> Permissions.whyNotVerified(present.effect())).isEmpty();
  }

  /** The same report, which also says who changed the role. */
  public RoleReport with(RoleHistory known) {
    return new RoleReport(
        roleName, role, status, findings, changes, remaining, notes, problem, known);
  }

  /** Why the status is not better, in words: what failed, what differs or did, what was changed. */
  public String explanation() {
    Stream<String> differs =
        Stream.concat(remaining.stream(), findings.stream()).map(Finding::message);
    return Stream.of(
            problem.stream(), whyChangesFailed(), history.words(), differs, whatWasChanged())
        .flatMap(reasons -> reasons)
        .distinct()
        .collect(Collectors.joining(" "));
  }

  private Stream<String> whatWasChanged() {
    return changes.stream().filter(ChangeResult::isApplied).map(ChangeResult::message);
  }

  private Stream<String> whyChangesFailed() {
    return changes.stream()
        .filter(result -> result.outcome() == Outcome.FAILED)
        .flatMap(result -> result.reason().stream());
  }

  /**
   * The report in one line for a person: which role, what differed, what was done or not, why.
   *
   * @param withNotes whether to add the notes of a compliant role; others have theirs in any case
   */
  String summary(boolean withNotes) {
    Stream<String> skipped =
        changes.stream()
            .filter(result -> result.outcome() == Outcome.SKIPPED)
            .map(
                result ->
                    "%s was skipped: %s.".formatted(result.change().type(), result.message()));
    return Stream.of(
            Stream.of("%s is %s.".formatted(roleName, status)),
            history.words(),
            problem.stream(),
            whyChangesFailed(),
            findings.stream().map(Finding::message),
            whatWasChanged(),
            skipped,
            remaining.stream().map(Finding::message),
            withNotes || status != Status.COMPLIANT
                ? notes.stream().map(Note::message)
                : Stream.<String>empty())
        .flatMap(sentences -> sentences)
        .distinct()
        .collect(Collectors.joining(" "));
  }
}
