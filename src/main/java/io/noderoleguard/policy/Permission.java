package io.noderoleguard.policy;

import io.noderoleguard.policy.Scope.AllBut;
import io.noderoleguard.policy.Scope.Only;
import io.noderoleguard.policy.Scope.Unstated;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The smallest thing that a policy says: one principal may, or may not, do one action on one
 * resource, under these conditions. What a statement says is the set of all combinations of its
 * elements, so that how it was put into statements and lists makes no difference.
 */
public record Permission(
    Effect effect,
    Scope<Principal> principal,
    Scope<String> action,
    Scope<String> resource,
    Set<Condition> conditions) {

  public Permission {
    conditions = Set.copyOf(conditions);
  }

  /** Whether a permission is granted or refused. */
  public enum Effect {
    ALLOW,
    DENY
  }

  /**
   * Whether a text in it has the form of a variable. Only in a resource and in a condition's value
   * is it one: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
   */
  boolean mentionsVariable() {
    Stream<String> resources =
        switch (resource) {
          case Only<String>(var one) -> Stream.of(one);
          case AllBut<String>(var exceptions) -> exceptions.stream();
          case Unstated<String>() -> Stream.empty();
        };
    return Stream.concat(resources, conditions.stream().flatMap(each -> each.values().stream()))
        .anyMatch(text -> text.contains("${"));
  }

  /** Whether it is about an action, by name or by a wildcard. */
  public boolean covers(String oneAction) {
    return switch (action) {
      case Only<String>(var named) -> matches(named, oneAction);
      case AllBut<String>(var exceptions) ->
          exceptions.stream().noneMatch(named -> matches(named, oneAction));
      case Unstated<String>() -> true;
    };
  }

  private static boolean matches(String named, String oneAction) {
    return Wildcards.match(named.toLowerCase(Locale.ROOT), oneAction.toLowerCase(Locale.ROOT));
  }

  /** The same without the conditions. */
  public Permission withoutConditions() {
    return new Permission(effect, principal, action, resource, Set.of());
  }

  /** The permission in words: "denies sts:AssumeRole to everyone (*) only if …". */
  public String inWords() {
    return "%s %s to %s%s"
        .formatted(
            effect == Effect.ALLOW ? "allows" : "denies",
            actionInWords(),
            principalInWords(),
            restrictionsInWords());
  }

  /** The same but for the conditions. */
  boolean differsInConditionsOnly(Permission other) {
    return !conditions.equals(other.conditions)
        && equals(
            new Permission(
                other.effect, other.principal, other.action, other.resource, conditions));
  }

  String principalInWords() {
    return switch (principal) {
      case Only<Principal>(var one) -> one.inWords();
      case AllBut<Principal>(var exceptions) ->
          "everyone but "
              + exceptions.stream()
                  .map(Principal::inWords)
                  .sorted()
                  .collect(Collectors.joining(", "));
      case Unstated<Principal>() -> "whoever has this policy";
    };
  }

  String actionInWords() {
    return inWords(action, "every action");
  }

  /** " on RESOURCE if CONDITION and CONDITION", or nothing. */
  String restrictionsInWords() {
    String on = resource instanceof Unstated ? "" : " on " + inWords(resource, "everything");
    return on + (conditions.isEmpty() ? "" : " only if " + conditionsInWords());
  }

  /** The conditions in words: "StringEquals aws:SourceAccount 123456789012 and …". */
  public String conditionsInWords() {
    return conditions.stream()
        .map(Condition::inWords)
        .sorted()
        .collect(Collectors.joining(" and "));
  }

  private static String inWords(Scope<String> scope, String everything) {
    return switch (scope) {
      case Only<String>(var one) -> one.equals("*") ? everything + " (*)" : one;
      case AllBut<String>(var exceptions) ->
          everything + " but " + exceptions.stream().sorted().collect(Collectors.joining(", "));
      case Unstated<String>() -> everything;
    };
  }
}
