package io.noderoleguard.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON value, as <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a> has it.
 *
 * <p>Values are immutable and keep the order of an object's members. {@link Json} reads and writes
 * them.
 */
public sealed interface JsonValue {

  /** An object; a name is there once. */
  record JsonObject(Map<String, JsonValue> members) implements JsonValue {
    public JsonObject {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** The member of that name; {@link JsonNull} where there is none. */
    public JsonValue get(String name) {
      return members.getOrDefault(name, JsonNull.NULL);
    }

    /** Starts an object without members. */
    public static Builder with() {
      return new Builder();
    }

    /** Collects members in the order in which they are to be written. */
    public static final class Builder {
      private final Map<String, JsonValue> members = new LinkedHashMap<>();

      private Builder() {}

      public Builder member(String name, JsonValue value) {
        members.put(name, value);
        return this;
      }

      public Builder member(String name, String value) {
        return member(name, new JsonString(value));
      }

      public JsonObject build() {
        return new JsonObject(members);
      }
    }
  }

  /** An array. */
  record JsonArray(List<JsonValue> elements) implements JsonValue {
    public JsonArray {
      elements = List.copyOf(elements);
    }
  }

  /** A string. */
  record JsonString(String value) implements JsonValue {}

  /** A number, as it was written: no precision is lost and none is made up. */
  record JsonNumber(String text) implements JsonValue {}

  /** {@code true} or {@code false}. */
  record JsonBoolean(boolean value) implements JsonValue {}

  /** {@code null}. */
  enum JsonNull implements JsonValue {
    NULL
  }

  /** What kind of value this is, in the words of a message: "a string", "an object". */
  default String kind() {
    return switch (this) {
      case JsonObject _ -> "an object";
      case JsonArray _ -> "an array";
      case JsonString _ -> "a string";
      case JsonNumber _ -> "a number";
      case JsonBoolean _ -> "a boolean";
      case JsonNull _ -> "null";
    };
  }
}
