package io.noderoleguard.guard;

import io.noderoleguard.guard.ChangeResult.Outcome;
import io.noderoleguard.guard.Check.Compared;
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.RoleState.Present;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The result of checking one role.
 *
 * @param role the role as it was read last; empty when there is none or it could not be read
 * @param findings what differed at first
 * @param changes what was to be changed, and what became of it, in order
 * @param remaining what differs at the end
 * @param problem why nothing, or nothing certain, can be said of the role
 */
public record RoleReport(
    String roleName,
    Optional<Present> role,
    Status status,
    List<Finding> findings,
    List<ChangeResult> changes,
    List<Finding> remaining,
    Optional<String> problem) {

  public RoleReport {
    findings = List.copyOf(findings);
    changes = List.copyOf(changes);
    remaining = List.copyOf(remaining);
  }

  static RoleReport failed(String roleName, String problem) {
    return new RoleReport(
        roleName,
        Optional.empty(),
        Status.FAILED,
        List.of(),
        List.of(),
        List.of(),
        Optional.of(problem));
  }

  /** Of a role that nothing was, or is to be, changed of. */
  static RoleReport untouched(String roleName, Compared found) {
    return new RoleReport(
        roleName,
        found.role(),
        found.findings().isEmpty() ? Status.COMPLIANT : Status.DRIFTED,
        found.findings(),
        List.of(),
        found.findings(),
        Optional.empty());
  }

  /** Of a role that ought to be changed and was not. */
  static RoleReport notRepaired(String roleName, Compared found, String problem) {
    return new RoleReport(
        roleName,
        found.role(),
        Status.FAILED,
        found.findings(),
        List.of(),
        found.findings(),
        Optional.of(problem));
  }

  /** Why the status is not better, in words: what could not be done, and what differs. */
  public String explanation() {
    Stream<String> differs = remaining.stream().map(Finding::message);
    return Stream.of(problem.stream(), whyChangesFailed(), differs)
        .flatMap(reasons -> reasons)
        .distinct()
        .collect(Collectors.joining(" "));
  }

  private Stream<String> whyChangesFailed() {
    return changes.stream()
        .filter(result -> result.outcome() == Outcome.FAILED)
        .flatMap(result -> result.reason().stream());
  }

  /** The report in one line for a person: which role, what was wrong, what was done or not, why. */
  String summary() {
    StringBuilder line = new StringBuilder(roleName + " is " + status + ".");
    problem.ifPresent(text -> line.append(' ').append(text));
    findings.forEach(finding -> line.append(' ').append(finding.message()));
    if (!changes.isEmpty()) {
      line.append(
          changes.stream()
              .map(result -> "%s %s".formatted(result.change().type(), result.outcome()))
              .collect(Collectors.joining(", ", " Changes: ", ".")));
    }
    whyChangesFailed().forEach(reason -> line.append(' ').append(reason));
    return line.toString();
  }
}
