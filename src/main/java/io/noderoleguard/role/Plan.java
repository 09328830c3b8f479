package io.noderoleguard.role;

import java.util.List;

/**
 * The fewest changes that repair what was found, in order: what a change {@linkplain
 * Change#dependsOn depends on} comes before it. A finding that is not the guard's to change adds
 * none.
 */
public record Plan(List<Change> changes) {

  public Plan {
    changes = List.copyOf(changes);
  }

  /** The plan for what was found. */
  public static Plan of(DesiredRole desired, List<Finding> findings) {
    return new Plan(
        findings.stream().flatMap(finding -> finding.remedy(desired).stream()).distinct().toList());
  }

  /** Whether there is nothing to change. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }
}
