package io.noderoleguard.role;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A managed policy that should be attached, or one of several that are as good.
 *
 * @param arns the one to attach where none is, and the others
 */
public record PolicyChoice(List<String> arns) {

  public PolicyChoice {
    arns = List.copyOf(arns);
  }

  /** Separates alternatives as the owner writes them: {@code A|B}. */
  static List<String> alternatives(String policies) {
    return Arrays.stream(policies.split("\\|", -1)).map(String::strip).distinct().toList();
  }

  /** The one to attach where none is attached. */
  public String first() {
    return arns.getFirst();
  }

  /** Those that would do as well. */
  List<String> others() {
    return arns.subList(1, arns.size());
  }

  /** Whether whatever satisfies this one satisfies another, which leaves more choice. */
  boolean isPartOf(PolicyChoice other) {
    return arns.size() < other.arns.size() && other.arns.containsAll(arns);
  }

  boolean isSatisfiedBy(Set<String> attached) {
    return arns.stream().anyMatch(attached::contains);
  }
}
