package io.noderoleguard.policy;

import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonBoolean;
import io.noderoleguard.json.JsonValue.JsonNull;
import io.noderoleguard.json.JsonValue.JsonNumber;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.json.MalformedJsonException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The principals that a policy names, wherever in it: also one whose meaning is uncertain, so that
 * a person knows whom to look for. What the policy says of them is left open.
 */
public final class NamedPrincipals {

  /**
   * What looks like a principal in a text that is not JSON: whatever an account or service is in.
   */
  private static final Pattern LOOKS_LIKE_ONE =
      Pattern.compile(
          "arn:aws[a-z-]*:(?:iam|sts)::[^\\s\"'\\\\,\\]})]+"
              + "|(?<![a-z0-9.:/-])[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.amazonaws\\.com(?:\\.cn)?(?![a-z0-9./-])"
              + "|(?<=\")[0-9]{12}(?=\")|(?<=\")\\*(?=\")");

  private final Set<String> named = new TreeSet<>();

  private NamedPrincipals() {}

  /** All principals that a text names, as a finding would, each once and in order. */
  public static List<String> in(String document) {
    NamedPrincipals principals = new NamedPrincipals();
    try {
      principals.search(Json.parse(document));
    } catch (MalformedJsonException notJson) {
      LOOKS_LIKE_ONE
          .matcher(document)
          .results()
          .forEach(found -> principals.add("AWS", found.group()));
    }
    return List.copyOf(principals.named);
  }

  private void search(JsonValue value) {
    switch (value) {
      case JsonObject(var members) ->
          members.forEach(
              (name, member) -> {
                if (name.equalsIgnoreCase("Principal") || name.equalsIgnoreCase("NotPrincipal")) {
                  collect("AWS", member);
                } else {
                  search(member);
                }
              });
      case JsonArray(var elements) -> elements.forEach(this::search);
      case JsonString _, JsonNumber _, JsonBoolean _, JsonNull _ -> {}
    }
  }

  private void collect(String type, JsonValue value) {
    switch (value) {
      case JsonObject(Map<String, JsonValue> members) -> members.forEach(this::collect);
      case JsonArray(var elements) -> elements.forEach(element -> collect(type, element));
      case JsonString(var id) -> add(type, id);
      case JsonNumber(var id) -> add(type, id);
      case JsonBoolean _, JsonNull _ -> {}
    }
  }

  private void add(String type, String id) {
    named.add(new Principal(type, id).inWords());
  }
}
