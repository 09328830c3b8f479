package io.noderoleguard.guard;

import io.noderoleguard.role.DesiredRole;
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.Plan;
import io.noderoleguard.role.RoleState;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import java.util.List;
import java.util.Optional;

/** A role that was read and compared with what it should be, or could not be read. */
sealed interface Check {

  /** It was read whole. */
  record Compared(DesiredRole desired, RoleState actual, List<Finding> findings) implements Check {

    /** What would put right all that is the guard's to change. */
    Plan plan() {
      return Plan.of(desired, findings);
    }

    Optional<Present> role() {
      return switch (actual) {
        case Present present -> Optional.of(present);
        case Absent _ -> Optional.empty();
      };
    }
  }

  /** It could not be read. */
  record Unread(String reason) implements Check {}
}
