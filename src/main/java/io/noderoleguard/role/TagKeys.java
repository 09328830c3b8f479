package io.noderoleguard.role;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Tag keys keep their letter case in IAM, but are told apart without it. */
final class TagKeys {

  private TagKeys() {}

  static String canonical(String key) {
    return key.toLowerCase(Locale.ROOT);
  }

  /** Those of the desired tags that are not there, or are there with another value. */
  static Map<String, String> missing(Map<String, String> desired, Map<String, String> actual) {
    Map<String, String> missing = new TreeMap<>(desired);
    missing
        .entrySet()
        .removeIf(wanted -> actual.entrySet().stream().anyMatch(tag -> isSame(wanted, tag)));
    return missing;
  }

  private static boolean isSame(Map.Entry<String, String> one, Map.Entry<String, String> other) {
    return canonical(one.getKey()).equals(canonical(other.getKey()))
        && one.getValue().equals(other.getValue());
  }
}
