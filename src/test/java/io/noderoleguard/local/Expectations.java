package io.noderoleguard.local;

import java.util.ArrayList;
import java.util.List;

/** What should have come and did not. */
final class Expectations {

  private final List<String> failed = new ArrayList<>();

  void equal(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      failed.add("%s: expected %s, came %s".formatted(what, expected, actual));
    }
  }

  void notEqual(String what, Object unexpected, Object actual) {
    if (unexpected.equals(actual)) {
      failed.add("%s: expected anything but %s".formatted(what, unexpected));
    }
  }

  void add(String expected, String actual) {
    failed.add("expected %s, came %s".formatted(expected, actual));
  }

  List<String> failed() {
    return List.copyOf(failed);
  }
}
