package io.noderoleguard.role;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which roles are guarded: some by name, others by a pattern. A role with a name is created if it
 * does not exist; a pattern guards what exists.
 *
 * @param exact names, each once: IAM does not tell names apart by <a
 *     href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html">letter
 *     case</a>
 */
public record RoleSelection(List<String> exact, List<RoleNamePattern> patterns) {

  public RoleSelection {
    exact = List.copyOf(exact);
    patterns = List.copyOf(patterns);
  }

  /**
   * Sorts names from patterns.
   *
   * @param namesAndPatterns for each of which {@link #problemWith} is empty
   */
  public static RoleSelection of(List<String> namesAndPatterns) {
    List<String> exact = new ArrayList<>();
    List<RoleNamePattern> patterns = new ArrayList<>();
    for (String entry : namesAndPatterns) {
      if (RoleNamePattern.isPattern(entry)) {
        patterns.add(new RoleNamePattern(entry));
      } else if (exact.stream().noneMatch(entry::equalsIgnoreCase)) {
        exact.add(entry);
      }
    }
    return new RoleSelection(exact, patterns);
  }

  /** What is wrong with an entry, as a clause that says what is accepted; empty when nothing is. */
  public static Optional<String> problemWith(String nameOrPattern) {
    return RoleNamePattern.isPattern(nameOrPattern)
        ? RoleNamePattern.problemWith(nameOrPattern)
        : IamRules.roleName(nameOrPattern);
  }

  /** The role as something to check; empty when it is not guarded. */
  public Optional<Target> target(String roleName) {
    Optional<String> name = exact.stream().filter(roleName::equalsIgnoreCase).findFirst();
    if (name.isPresent()) {
      return name.map(Target::named);
    }
    return IamRules.roleName(roleName).isEmpty()
            && patterns.stream().anyMatch(pattern -> pattern.matches(roleName))
        ? Optional.of(Target.matched(roleName))
        : Optional.empty();
  }

  /** A pattern that matches no role, so that a typing error does not turn the guard off unseen. */
  public record NothingGuarded(String pattern, Optional<String> path) implements Finding {
    @Override
    public String message() {
      return "The pattern %s matches no role%s: it guards nothing."
          .formatted(pattern, path.map(" under the path %s"::formatted).orElse(""));
    }

    @Override
    public Map<String, String> details() {
      return Map.of("pattern", pattern);
    }
  }

  /** The only role that can be meant; empty when there may be several. */
  public Optional<String> onlyRole() {
    return exact.size() == 1 && patterns.isEmpty()
        ? Optional.of(exact.getFirst())
        : Optional.empty();
  }

  /** As the owner wrote them. */
  @Override
  public String toString() {
    List<String> all = new ArrayList<>(exact);
    patterns.forEach(pattern -> all.add(pattern.text()));
    return String.join(", ", all);
  }
}
