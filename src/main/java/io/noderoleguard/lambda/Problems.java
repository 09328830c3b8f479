package io.noderoleguard.lambda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what is wrong with named inputs, so that a user is told all of it at once. */
final class Problems {

  private final List<String> problems = new ArrayList<>();

  /** Notes what a rule found wrong, if anything. */
  void add(String name, Optional<String> problem) {
    problem.ifPresent(text -> add(name, text));
  }

  void add(String name, String problem) {
    problems.add("%s: %s.".formatted(name, problem));
  }

  void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new InvalidInputException(problems);
    }
  }
}
