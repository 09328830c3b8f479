package io.noderoleguard.role;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which roles are guarded: some by name, others by a pattern. A role with a name is made where
 * there is none; a pattern guards what exists.
 */
public record RoleNames(List<String> exact, List<RoleNamePattern> patterns) {

  public RoleNames {
    exact = List.copyOf(exact);
    patterns = List.copyOf(patterns);
  }

  /**
   * Tells names and patterns apart.
   *
   * @param namesAndPatterns each of which {@link #problemWith} finds right
   */
  public static RoleNames of(List<String> namesAndPatterns) {
    List<String> exact = new ArrayList<>();
    List<RoleNamePattern> patterns = new ArrayList<>();
    for (String entry : namesAndPatterns) {
      if (RoleNamePattern.isPattern(entry)) {
        patterns.add(new RoleNamePattern(entry));
      } else {
        exact.add(entry);
      }
    }
    return new RoleNames(exact, patterns);
  }

  /** What is wrong with an entry, as a clause that says what is accepted; empty when nothing is. */
  public static Optional<String> problemWith(String nameOrPattern) {
    return RoleNamePattern.isPattern(nameOrPattern)
        ? RoleNamePattern.problemWith(nameOrPattern)
        : SpecRules.roleName(nameOrPattern);
  }

  /** Whether a role is guarded under its name, so that it is made where there is none. */
  public boolean names(String roleName) {
    return exact.contains(roleName);
  }

  /** Whether a role is guarded. */
  public boolean cover(String roleName) {
    return names(roleName) || patterns.stream().anyMatch(pattern -> pattern.matches(roleName));
  }

  /** As a user wrote them. */
  @Override
  public String toString() {
    List<String> all = new ArrayList<>(exact);
    patterns.forEach(pattern -> all.add(pattern.text()));
    return String.join(", ", all);
  }
}
