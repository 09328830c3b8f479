package io.noderoleguard.local.iam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.noderoleguard.local.iam.IamError.IamException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What IAM accepts as a policy document, and what it says of the others.
 *
 * <p>It resembles the function's own {@code PolicyReader} on purpose: written twice, a misreading
 * of the grammar shows in one of the two. Do not let one use the other.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">
 *     the grammar</a>
 */
final class PolicyRules {

  private static final int TRUST_POLICY_QUOTA = 2048;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String SYNTAX_ERRORS = "Syntax errors in policy.";
  private static final String NEW_VERSION = "2012-10-17";
  private static final Set<String> VERSIONS = Set.of("2008-10-17", NEW_VERSION);
  private static final Set<String> TOP_LEVEL = Set.of("Version", "Id", "Statement");
  private static final Set<String> STATEMENT =
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
  private static final List<String> TRUST_ACTIONS =
      List.of(
          "sts:assumerole",
          "sts:assumerolewithsaml",
          "sts:assumerolewithwebidentity",
          "sts:setcontext",
          "sts:setsourceidentity",
          "sts:tagsession");
  private static final Pattern SERVICE =
      Pattern.compile(
          "[a-z0-9-]+(\\.[a-z0-9-]+)*\\.(amazonaws\\.com(\\.cn)?|c2s\\.ic\\.gov|sc2s\\.sgov\\.gov)");

  private PolicyRules() {}

  /**
   * Refuses what cannot be a role's trust policy.
   *
   * @param principalExists whether the AWS principal of a statement, an ARN, an account or {@code
   *     *}, can be trusted
   */
  static void checkTrustPolicy(String document, BiPredicate<String, String> principalExists) {
    for (JsonNode statement : statements(document, "This policy contains invalid Json")) {
      checkTrustStatement(statement, principalExists);
    }
    if (sizeWithoutWhitespace(document) > TRUST_POLICY_QUOTA) {
      throw IamError.limitExceeded("ACLSizePerRole", TRUST_POLICY_QUOTA).exception();
    }
  }

  private static void checkTrustStatement(
      JsonNode statement, BiPredicate<String, String> principalExists) {
    checkEffect(statement);
    if (statement.has("Resource")) {
      throw malformed("Has prohibited field Resource");
    }
    if (statement.has("NotResource")) {
      throw malformed("AssumeRole policy must not contain resources.");
    }
    boolean notPrincipal = statement.has("NotPrincipal");
    if (!statement.has("Principal") && !notPrincipal) {
      throw malformed("Missing required field Principal");
    }
    if (notPrincipal && statement.path("Effect").asText().equals("Allow")) {
      throw malformed("Allow with NotPrincipal is not allowed.");
    }
    checkPrincipal(statement.path(notPrincipal ? "NotPrincipal" : "Principal"), principalExists);
    List<String> actions = texts(statement.path(statement.has("Action") ? "Action" : "NotAction"));
    if (actions.isEmpty()) {
      throw malformed("Missing required field Action");
    }
    if (!actions.stream().allMatch(PolicyRules::isTrustAction)) {
      throw malformed("AssumeRole policy may only specify STS AssumeRole actions.");
    }
  }

  private static boolean isTrustAction(String action) {
    String pattern = action.toLowerCase(Locale.ROOT);
    if (!pattern.startsWith("sts:")) {
      return false;
    }
    Pattern matching =
        Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"));
    return TRUST_ACTIONS.stream().anyMatch(known -> matching.matcher(known).matches());
  }

  private static void checkPrincipal(
      JsonNode principal, BiPredicate<String, String> principalExists) {
    if (principal.isTextual() && principal.asText().equals("*")) {
      return;
    }
    if (!principal.isObject()) {
      throw malformed("Invalid principal in policy.");
    }
    if (principal.isEmpty()) {
      throw malformed("Missing required field Principal cannot be empty!");
    }
    for (Map.Entry<String, JsonNode> entry : principal.properties()) {
      List<String> values = texts(entry.getValue());
      if (values.isEmpty()) {
        throw malformed("Missing required field Principal cannot be empty!");
      }
      for (String value : values) {
        if (!isPrincipal(entry.getKey(), value, principalExists)) {
          throw malformed(
              "Invalid principal in policy: \""
                  + entry.getKey().toUpperCase(Locale.ROOT)
                  + "\":\""
                  + value
                  + "\"");
        }
      }
    }
  }

  private static boolean isPrincipal(
      String type, String value, BiPredicate<String, String> principalExists) {
    return switch (type) {
      case "Service" -> SERVICE.matcher(value).matches();
      case "AWS", "Federated" -> principalExists.test(type, value);
      case "CanonicalUser" -> !value.isBlank();
      default -> false;
    };
  }

  /** Refuses what cannot be a policy that grants permissions, inline or managed. */
  static void checkPermissionPolicy(String document) {
    List<JsonNode> statements = statements(document, SYNTAX_ERRORS);
    if (!parse(document, SYNTAX_ERRORS).path("Version").asText().equals(NEW_VERSION)) {
      throw oldVersion();
    }
    for (JsonNode statement : statements) {
      checkEffect(statement);
      if (statement.has("Principal") || statement.has("NotPrincipal")) {
        throw malformed("Policy document should not specify a principal.");
      }
      List<String> actions =
          texts(statement.path(statement.has("Action") ? "Action" : "NotAction"));
      if (actions.isEmpty()) {
        throw malformed("Policy statement must contain actions.");
      }
      if (!actions.stream().allMatch(action -> action.equals("*") || action.contains(":"))) {
        throw malformed(
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
      }
      List<String> resources =
          texts(statement.path(statement.has("Resource") ? "Resource" : "NotResource"));
      if (resources.isEmpty()) {
        throw malformed("Policy statement must contain resources.");
      }
      resources.stream()
          .filter(resource -> !resource.equals("*") && !resource.startsWith("arn:"))
          .findFirst()
          .ifPresent(
              resource -> {
                throw malformed("Resource " + resource + " must be in ARN format or \"*\".");
              });
    }
  }

  private static List<JsonNode> statements(String document, String notJson) {
    JsonNode policy = parse(document, notJson);
    if (!policy.isObject()) {
      throw malformed(notJson);
    }
    checkFields(policy, TOP_LEVEL);
    if (policy.has("Version") && !VERSIONS.contains(policy.path("Version").asText())) {
      throw oldVersion();
    }
    JsonNode statement = policy.path("Statement");
    List<JsonNode> statements =
        statement.isArray()
            ? StreamSupport.stream(statement.spliterator(), false).toList()
            : Stream.of(statement).filter(JsonNode::isObject).toList();
    if (statements.isEmpty()) {
      throw malformed("Could not parse the policy: Statement is empty!");
    }
    Set<String> sids = new HashSet<>();
    for (JsonNode each : statements) {
      if (!each.isObject()) {
        throw malformed(SYNTAX_ERRORS);
      }
      checkFields(each, STATEMENT);
      if (each.has("Sid") && !sids.add(each.path("Sid").asText())) {
        throw malformed("Statement IDs (SID) in a single policy must be unique.");
      }
      checkCondition(each.path("Condition"));
    }
    return statements;
  }

  private static JsonNode parse(String document, String notJson) {
    try {
      return JSON.readTree(document);
    } catch (JsonProcessingException e) {
      throw malformed(notJson);
    }
  }

  private static void checkFields(JsonNode node, Set<String> known) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!known.contains(field.getKey())) {
        throw malformed("Unknown field " + field.getKey());
      }
    }
  }

  private static void checkCondition(JsonNode condition) {
    boolean isCondition =
        condition.isMissingNode()
            || (condition.isObject()
                && condition.properties().stream().allMatch(entry -> entry.getValue().isObject()));
    if (!isCondition) {
      throw malformed(SYNTAX_ERRORS);
    }
  }

  private static void checkEffect(JsonNode statement) {
    if (!statement.has("Effect")) {
      throw malformed("Missing required field Effect");
    }
    String effect = statement.path("Effect").asText();
    if (!effect.equals("Allow") && !effect.equals("Deny")) {
      throw malformed("Invalid effect: " + effect);
    }
  }

  /** One text or a list of them. */
  private static List<String> texts(JsonNode node) {
    if (node.isMissingNode()) {
      return List.of();
    }
    List<JsonNode> values =
        node.isArray() ? StreamSupport.stream(node.spliterator(), false).toList() : List.of(node);
    if (!values.stream().allMatch(JsonNode::isTextual)) {
      throw malformed(SYNTAX_ERRORS);
    }
    return values.stream().map(JsonNode::asText).toList();
  }

  /** IAM does not count white space against its quotas. */
  static long sizeWithoutWhitespace(String document) {
    return document.chars().filter(character -> !Character.isWhitespace(character)).count();
  }

  private static IamException oldVersion() {
    return malformed("Policy document must be version 2012-10-17 or greater.");
  }

  private static IamException malformed(String message) {
    return IamError.malformedPolicyDocument(message).exception();
  }
}
