package io.noderoleguard.policy;

import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The JSON of a policy by its types: what is of another one is refused, by the element's name. */
final class PolicyJson {

  private PolicyJson() {}

  static Set<String> strings(String element, JsonValue value) throws MalformedPolicyException {
    Set<String> strings = new LinkedHashSet<>();
    for (JsonValue each : oneOrMore(value)) {
      strings.add(string(element, each));
    }
    return strings;
  }

  static List<JsonValue> oneOrMore(JsonValue value) {
    return value instanceof JsonArray(var elements) ? elements : List.of(value);
  }

  static void requireStringIfPresent(String name, JsonObject object)
      throws MalformedPolicyException {
    if (object.members().containsKey(name)) {
      string(name, object.get(name));
    }
  }

  static String string(String element, JsonValue value) throws MalformedPolicyException {
    if (value instanceof JsonString(String text)) {
      return text;
    }
    throw new MalformedPolicyException(
        "%s is %s where a string belongs".formatted(element, value.kind()));
  }

  static JsonObject object(String what, JsonValue value, Set<String> known)
      throws MalformedPolicyException {
    JsonObject object = object(what, value);
    List<String> unknown = new ArrayList<>(object.members().keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new MalformedPolicyException("%s has the unknown member %s".formatted(what, unknown));
    }
    return object;
  }

  static JsonObject object(String what, JsonValue value) throws MalformedPolicyException {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new MalformedPolicyException(
        "%s is %s where an object belongs".formatted(what, value.kind()));
  }
}
