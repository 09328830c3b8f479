package io.noderoleguard.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Decides requests by the text of a policy alone, as IAM does it: a Deny counts more than an Allow.
 * It is a second opinion, and knows only as much of the language as the random policies speak.
 */
public final class Decision {

  /** Someone asks to do something. */
  public record Request(String type, String id, String action, Map<String, String> context) {

    static Request of(Random random) {
      RandomPolicy.Who who = RandomPolicy.WHO.get(random.nextInt(RandomPolicy.WHO.size()));
      String[] ids = {who.id(), "arn:aws:iam::999999999999:root"};
      String[] accounts = {"111122223333", "444455556666", "ann", "${aws:username}"};
      Map<String, String> context = new HashMap<>(Map.of("aws:username", "ann"));
      if (random.nextInt(4) > 0) {
        context.put("aws:SourceAccount", accounts[random.nextInt(accounts.length)]);
      }
      if (random.nextInt(4) > 0) {
        context.put("aws:SecureTransport", String.valueOf(random.nextBoolean()));
      }
      if (random.nextInt(4) > 0) {
        context.put("aws:MultiFactorAuthAge", random.nextBoolean() ? "60" : "3600");
      }
      String[] actions = {"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "ec2:Run"};
      return new Request(
          who.type(), ids[random.nextInt(2)], actions[random.nextInt(actions.length)], context);
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final boolean takesVariables;
  private final List<JsonNode> statements;

  public Decision(String document) throws Exception {
    JsonNode policy = JSON.readTree(document);
    takesVariables = policy.path("Version").asText().equals("2012-10-17");
    statements = each(policy.get("Statement"));
  }

  public boolean allows(Request request) {
    boolean isAllowed = false;
    for (JsonNode statement : statements) {
      if (isMeant(statement, request)) {
        if (statement.get("Effect").asText().equals("Deny")) {
          return false;
        }
        isAllowed = true;
      }
    }
    return isAllowed;
  }

  private boolean isMeant(JsonNode statement, Request request) {
    return (statement.has("Principal")
            ? names(statement.get("Principal"), request)
            : !names(statement.get("NotPrincipal"), request))
        && (statement.has("Action")
            ? covers(statement.get("Action"), request)
            : !covers(statement.get("NotAction"), request))
        && holds(statement.path("Condition"), request.context());
  }

  private static boolean names(JsonNode principal, Request request) {
    if (principal.isTextual() || each(principal.path("AWS")).stream().anyMatch(Decision::isAll)) {
      return true;
    }
    return each(principal.path(request.type())).stream()
        .anyMatch(id -> id.asText().equals(request.id()));
  }

  private static boolean isAll(JsonNode id) {
    return id.asText().equals("*");
  }

  private static boolean covers(JsonNode actions, Request request) {
    String asked = request.action().toLowerCase(Locale.ROOT);
    return each(actions).stream()
        .map(action -> action.asText().toLowerCase(Locale.ROOT))
        .anyMatch(
            action ->
                action.endsWith("*")
                    ? asked.startsWith(action.substring(0, action.length() - 1))
                    : asked.equals(action));
  }

  private boolean holds(JsonNode conditions, Map<String, String> context) {
    return conditions.properties().stream()
        .allMatch(
            operator ->
                operator.getValue().properties().stream()
                    .allMatch(
                        key ->
                            holds(
                                operator.getKey().toLowerCase(Locale.ROOT),
                                valueOf(key.getKey(), context),
                                each(key.getValue()).stream()
                                    .map(value -> meant(value.asText(), context))
                                    .toList())));
  }

  private static @Nullable String valueOf(String key, Map<String, String> context) {
    Map<String, String> inAnyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    inAnyCase.putAll(context);
    return inAnyCase.get(key);
  }

  private String meant(String value, Map<String, String> context) {
    return takesVariables
        ? value.replace("${aws:username}", context.getOrDefault("aws:username", ""))
        : value;
  }

  private static boolean holds(String operator, @Nullable String actual, List<String> values) {
    return switch (operator) {
      case "stringequals", "bool" -> actual != null && values.contains(actual);
      case "stringequalsignorecase" ->
          actual != null && values.stream().anyMatch(actual::equalsIgnoreCase);
      case "stringnotequals" -> actual == null || !values.contains(actual);
      case "stringequalsifexists", "boolifexists" -> actual == null || values.contains(actual);
      case "stringlike", "arnlike", "arnequals" ->
          actual != null && values.stream().anyMatch(value -> isLike(actual, value));
      case "null" -> values.contains(String.valueOf(actual == null));
      default -> throw new AssertionError(operator);
    };
  }

  private static boolean isLike(String actual, String pattern) {
    return Pattern.matches(
        Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"), actual);
  }

  private static List<JsonNode> each(JsonNode node) {
    if (!node.isArray()) {
      return node.isMissingNode() ? List.of() : List.of(node);
    }
    return new ArrayList<>(StreamSupport.stream(node.spliterator(), false).toList());
  }
}
