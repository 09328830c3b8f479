package io.noderoleguard.event;

import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.json.Text;

/** A stranger's text in a message: short. */
final class Quote {

  private static final int MAX_LENGTH = 64;

  private Quote() {}

  static String of(JsonValue value) {
    return value instanceof JsonString(var text) ? "\"" + shorten(text) + "\"" : value.kind();
  }

  static String shorten(String text) {
    return Text.cut(text, MAX_LENGTH);
  }
}
