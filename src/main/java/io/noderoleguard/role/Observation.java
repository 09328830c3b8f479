package io.noderoleguard.role;

import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import java.util.List;
import java.util.Optional;

/** A role as it was read and compared with its desired state. */
public record Observation(
    DesiredRole desired, RoleState actual, List<Finding> findings, List<Note> notes) {

  public Observation {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
  }

  /** Compares a role that was read with its desired state. */
  public static Observation of(Target target, DesiredRole desired, RoleState actual) {
    List<Finding> findings = Drift.between(target, desired, actual);
    // Nothing else matters about a role that is not the guard's.
    boolean isForeign = findings.stream().anyMatch(Finding::isDecisive);
    return new Observation(
        desired, actual, findings, isForeign ? List.of() : Drift.notesOn(desired, actual));
  }

  /** The changes that repair all that is the guard's to change. */
  public Plan plan() {
    return Plan.of(desired, findings);
  }

  /** The role; empty when it does not exist. */
  public Optional<Present> role() {
    return switch (actual) {
      case Present present -> Optional.of(present);
      case Absent _ -> Optional.empty();
    };
  }
}
