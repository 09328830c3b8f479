package io.noderoleguard.policy;

import java.util.Set;
import java.util.TreeSet;

/**
 * One condition of a permission. All conditions of a permission must hold, each for one of its
 * values.
 *
 * @param operator as written, {@code StringEquals}
 * @param key as written, {@code aws:SourceAccount}
 */
public record Condition(String operator, String key, Set<String> values) {
  public Condition {
    values = Set.copyOf(values);
  }

  /** In the words of a finding: "StringEquals aws:SourceAccount 123456789012". */
  String inWords() {
    return "%s %s %s".formatted(operator, key, String.join(" or ", new TreeSet<>(values)));
  }
}
