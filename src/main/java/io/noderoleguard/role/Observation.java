package io.noderoleguard.role;

import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import java.util.List;
import java.util.Optional;

/** A role as it was read and compared with its desired state. */
public record Observation(DesiredRole desired, RoleState actual, List<Finding> findings) {

  public Observation {
    findings = List.copyOf(findings);
  }

  /** Compares a role that was read with its desired state. */
  public static Observation of(Target target, DesiredRole desired, RoleState actual) {
    return new Observation(desired, actual, Drift.between(target, desired, actual));
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
