package io.noderoleguard.settings;

import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.Requirements.Part;
import io.noderoleguard.role.Requirements.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Collects what is wrong with named inputs, so that a user sees all of it at once. */
public final class Problems {

  private final List<String> problems = new ArrayList<>();

  /** Notes what a rule found wrong, if anything. */
  public void add(String name, Optional<String> problem) {
    problem.ifPresent(text -> add(name, text));
  }

  /** Notes what is wrong. */
  public void add(String name, String problem) {
    problems.add("%s: %s.".formatted(name, problem));
  }

  /**
   * Notes what is wrong with requirements.
   *
   * @param names the name under which the user knows a part
   */
  public void addAll(Requirements requirements, Function<Part, String> names) {
    for (Problem problem : requirements.problems()) {
      add(names.apply(problem.part()), problem.text());
    }
  }

  /**
   * Ends the collecting.
   *
   * @throws InvalidInputException when anything is wrong
   */
  public void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new InvalidInputException(problems);
    }
  }
}
