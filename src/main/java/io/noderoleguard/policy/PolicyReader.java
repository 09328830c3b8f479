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
import io.noderoleguard.policy.Permission.Effect;
import io.noderoleguard.policy.Scope.AllBut;
import io.noderoleguard.policy.Scope.Only;
import io.noderoleguard.policy.Scope.Unstated;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads the JSON of a policy by its <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">grammar</a>.
 * What the grammar does not know is refused: a member that is passed over could change the meaning.
 */
public final class PolicyReader {

  /** Far above what fits into a policy that IAM accepts, far below what takes noticeable time. */
  private static final int MAX_COMBINATIONS = 100_000;

  // How IAM writes others as text is not documented, so their meaning is uncertain.
  private static final Pattern WHOLE = Pattern.compile("0|-?[1-9][0-9]{0,14}");

  private static final Set<String> DOCUMENT_MEMBERS = Set.of("Version", "Id", "Statement");
  private static final Set<String> STATEMENT_MEMBERS =
      Set.of(
          "Sid",
          "Effect",
          "Principal",
          "NotPrincipal",
          "Action",
          "NotAction",
          "Resource",
          "NotResource",
          "Condition");
  private static final Set<String> PRINCIPAL_TYPES =
      Set.of("AWS", "Service", "Federated", "CanonicalUser");

  private final Set<Permission> permissions = new HashSet<>();
  private long combinations;

  private PolicyReader() {}

  /**
   * Reads a policy document.
   *
   * @param json the document, not URL-encoded
   * @throws MalformedPolicyException when it is not JSON or its meaning is uncertain: a member that
   *     is not known, a wrong type, an element missing or there twice
   */
  public static PolicyDocument read(String json) throws MalformedPolicyException {
    return new PolicyReader().document(json);
  }

  private PolicyDocument document(String json) throws MalformedPolicyException {
    JsonValue value;
    try {
      value = Json.parse(json);
    } catch (MalformedJsonException malformed) {
      throw new MalformedPolicyException(malformed.reason());
    }
    JsonObject document = PolicyJson.object("the document", value, DOCUMENT_MEMBERS);
    boolean current = isCurrentVersion(document);
    PolicyJson.requireStringIfPresent("Id", document);
    if (document.get("Statement") instanceof JsonNull) {
      throw new MalformedPolicyException("it has no Statement");
    }
    int number = 0;
    for (JsonValue statement : PolicyJson.oneOrMore(document.get("Statement"))) {
      number++;
      try {
        addPermissions(PolicyJson.object("a Statement", statement, STATEMENT_MEMBERS));
      } catch (MalformedPolicyException malformed) {
        throw malformed.in(number);
      }
    }
    return new PolicyDocument(
        current && permissions.stream().anyMatch(Permission::mentionsVariable), permissions);
  }

  // A document without a Version is one of 2008-10-17:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
  private static boolean isCurrentVersion(JsonObject document) throws MalformedPolicyException {
    if (!document.members().containsKey("Version")) {
      return false;
    }
    return switch (PolicyJson.string("Version", document.get("Version"))) {
      case "2012-10-17" -> true;
      case "2008-10-17" -> false;
      default ->
          throw new MalformedPolicyException("its Version is neither 2012-10-17 nor 2008-10-17");
    };
  }

  private void addPermissions(JsonObject statement) throws MalformedPolicyException {
    PolicyJson.requireStringIfPresent("Sid", statement);
    Effect effect =
        switch (PolicyJson.string("Effect", statement.get("Effect"))) {
          case "Allow" -> Effect.ALLOW;
          case "Deny" -> Effect.DENY;
          default -> throw new MalformedPolicyException("an Effect is neither Allow nor Deny");
        };
    List<Scope<Principal>> principals =
        scopes(statement, "Principal", PolicyReader::principals, false);
    List<Scope<String>> actions = scopes(statement, "Action", PolicyReader::actions, true);
    List<Scope<String>> resources =
        scopes(statement, "Resource", value -> PolicyJson.strings("Resource", value), false);
    Set<Condition> conditions = conditions(statement);

    long values = conditions.stream().mapToLong(condition -> 1 + condition.values().size()).sum();
    combinations += (1 + values) * principals.size() * actions.size() * resources.size();
    if (combinations > MAX_COMBINATIONS) {
      throw new MalformedPolicyException(
          String.format(
              Locale.ROOT,
              "it combines more than %,d principals, actions, resources and conditions",
              MAX_COMBINATIONS));
    }
    for (Scope<Principal> principal : principals) {
      for (Scope<String> action : actions) {
        for (Scope<String> resource : resources) {
          permissions.add(new Permission(effect, principal, action, resource, conditions));
        }
      }
    }
  }

  /** What an element says, and each of it where it can be said one at a time. */
  private static <T> List<Scope<T>> scopes(
      JsonObject statement, String element, Values<T> values, boolean required)
      throws MalformedPolicyException {
    String negated = "Not" + element;
    boolean isStated = statement.members().containsKey(element);
    boolean isNegated = statement.members().containsKey(negated);
    if (isStated && isNegated) {
      throw new MalformedPolicyException(
          "a Statement has both %s and %s".formatted(element, negated));
    }
    if (!isStated && !isNegated) {
      if (required) {
        throw new MalformedPolicyException(
            "a Statement has neither %s nor %s".formatted(element, negated));
      }
      return List.of(new Unstated<>());
    }
    Set<T> named = values.of(statement.get(isStated ? element : negated));
    if (named.isEmpty()) {
      throw new MalformedPolicyException(
          "a Statement's %s is empty".formatted(isStated ? element : negated));
    }
    return isStated ? map(named, Only::new) : List.of(new AllBut<>(named));
  }

  private static <T, R> List<R> map(Set<T> values, Function<T, R> function) {
    return values.stream().map(function).toList();
  }

  /** Reads the value of an element. */
  private interface Values<T> {
    Set<T> of(JsonValue value) throws MalformedPolicyException;
  }

  // "Principal": "*" and "Principal": {"AWS": "*"} are the same:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
  private static Set<Principal> principals(JsonValue value) throws MalformedPolicyException {
    if (value instanceof JsonString(String everyone)) {
      if (!everyone.equals("*")) {
        throw new MalformedPolicyException("a Principal is a string other than \"*\"");
      }
      return Set.of(new Principal("AWS", "*"));
    }
    Set<Principal> principals = new LinkedHashSet<>();
    for (var member :
        PolicyJson.object("a Principal", value, PRINCIPAL_TYPES).members().entrySet()) {
      for (String id : PolicyJson.strings("Principal", member.getValue())) {
        principals.add(new Principal(member.getKey(), id));
      }
    }
    return principals;
  }

  private static Set<String> actions(JsonValue value) throws MalformedPolicyException {
    Set<String> actions = new LinkedHashSet<>();
    for (String action : PolicyJson.strings("Action", value)) {
      actions.add(StsActions.canonical(action));
    }
    return actions;
  }

  private static Set<Condition> conditions(JsonObject statement) throws MalformedPolicyException {
    if (!statement.members().containsKey("Condition")) {
      return Set.of();
    }
    Set<Condition> conditions = new LinkedHashSet<>();
    for (var operator :
        PolicyJson.object("a Condition", statement.get("Condition")).members().entrySet()) {
      for (var key : PolicyJson.object("a Condition", operator.getValue()).members().entrySet()) {
        Set<String> values = new LinkedHashSet<>();
        for (JsonValue value : PolicyJson.oneOrMore(key.getValue())) {
          values.add(conditionValue(value));
        }
        conditions.add(new Condition(operator.getKey(), key.getKey(), values));
      }
    }
    return Set.copyOf(conditions);
  }

  private static String conditionValue(JsonValue value) throws MalformedPolicyException {
    return switch (value) {
      case JsonString(String text) -> text;
      case JsonNumber(String text) when WHOLE.matcher(text).matches() -> text;
      case JsonNumber _ ->
          throw new MalformedPolicyException("a number in a Condition is not whole, or too long");
      case JsonBoolean(boolean is) -> String.valueOf(is);
      case JsonObject _, JsonArray _, JsonNull _ ->
          throw new MalformedPolicyException(
              "a value in a Condition is %s".formatted(value.kind()));
    };
  }
}
