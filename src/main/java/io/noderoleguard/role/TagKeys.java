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
    Map<String, String> actualByKey = new TreeMap<>();
    actual.forEach((key, value) -> actualByKey.put(canonical(key), value));
    Map<String, String> missing = new TreeMap<>(desired);
    missing
        .entrySet()
        .removeIf(tag -> tag.getValue().equals(actualByKey.get(canonical(tag.getKey()))));
    return missing;
  }
}
