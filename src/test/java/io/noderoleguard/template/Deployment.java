package io.noderoleguard.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A translated template with its conditions and intrinsic functions resolved for one partition, one
 * Region and one choice of parameters, as CloudFormation would.
 *
 * <p>Knows the functions that the template uses, and refuses any other. A reference to a resource
 * resolves to its logical ID, and an attribute to {@code LogicalId.Attribute}.
 */
final class Deployment {

  static final String ACCOUNT = "123456789012";
  static final String REGION = "eu-central-1";

  private static final Path TEMPLATE = Path.of("template.yaml");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Za-z0-9:.]+)}");

  private final JsonNode template;
  private final Map<String, String> pseudoParameters;
  private final Map<String, String> parameters;

  private Deployment(
      JsonNode template, String partition, String region, Map<String, String> parameters) {
    this.template = template;
    this.parameters = Map.copyOf(parameters);
    this.pseudoParameters =
        Map.of(
            "AWS::Partition",
            partition,
            "AWS::AccountId",
            ACCOUNT,
            "AWS::Region",
            region,
            "AWS::StackName",
            "eks-node-role-guard");
  }

  /**
   * What is deployed in a partition, with the defaults of the parameters that are not given.
   *
   * @throws IllegalArgumentException if there is no such parameter, or it refuses the value
   */
  static Deployment in(String partition, Map<String, String> parameters) throws Exception {
    return in(partition, REGION, parameters);
  }

  /** The same in another Region. */
  static Deployment in(String partition, String region, Map<String, String> parameters)
      throws Exception {
    return of(TEMPLATE, partition, region, parameters);
  }

  /** The same of another template. */
  static Deployment of(Path file, String partition, String region, Map<String, String> parameters)
      throws Exception {
    JsonNode template = new JsonMapper().readTree(TranslatedTemplate.json(file));
    parameters.forEach(
        (name, value) -> {
          if (!accepts(template.path("Parameters").path(name), value)) {
            throw new IllegalArgumentException(name + " may not be " + value);
          }
        });
    return new Deployment(template, partition, region, parameters);
  }

  static Deployment withDefaults() throws Exception {
    return in("aws", Map.of());
  }

  /** Whether a parameter's declaration lets a value be deployed. */
  static boolean accepts(JsonNode parameter, String value) {
    if (parameter.has("AllowedValues")) {
      for (JsonNode allowed : parameter.get("AllowedValues")) {
        if (allowed.asText().equals(value)) {
          return true;
        }
      }
      return false;
    }
    if (parameter.path("Type").asText().equals("Number")) {
      return value.matches("[0-9]{1,9}")
          && Integer.parseInt(value) >= parameter.path("MinValue").asInt()
          && Integer.parseInt(value) <= parameter.path("MaxValue").asInt();
    }
    if (!parameter.has("AllowedPattern")
        || value.length() > parameter.path("MaxLength").asInt(Integer.MAX_VALUE)) {
      return false;
    }
    Pattern pattern = Pattern.compile(parameter.get("AllowedPattern").asText());
    return (isList(parameter) ? entries(value) : List.of(value))
        .stream().allMatch(entry -> pattern.matcher(entry).matches());
  }

  private static boolean isList(JsonNode parameter) {
    return parameter.path("Type").asText().equals("CommaDelimitedList");
  }

  /** The entries of a comma-delimited list, without the blanks around them. */
  private static List<String> entries(String list) {
    return Stream.of(list.split(",", -1)).map(String::strip).toList();
  }

  /** The template as it was translated, nothing resolved. */
  JsonNode template() {
    return template;
  }

  /** The properties of a resource; missing if its condition is false. */
  JsonNode properties(String logicalId) {
    JsonNode resource = template.path("Resources").path(logicalId);
    if (resource.isMissingNode()) {
      throw new IllegalArgumentException("No resource is named " + logicalId);
    }
    return isDeployed(resource) ? resolve(resource.path("Properties")) : MissingNode.getInstance();
  }

  /** The value of an output; missing if its condition is false. */
  JsonNode output(String name) {
    JsonNode output = template.path("Outputs").path(name);
    return isDeployed(output) ? resolve(output.path("Value")) : MissingNode.getInstance();
  }

  /** The logical IDs of the resources of a type. */
  List<String> resourcesOf(String type) {
    List<String> logicalIds = new ArrayList<>();
    template
        .path("Resources")
        .properties()
        .forEach(
            resource -> {
              if (resource.getValue().path("Type").asText().equals(type)) {
                logicalIds.add(resource.getKey());
              }
            });
    return logicalIds;
  }

  /** Whether all assertions of the template's rules hold; otherwise nothing is deployed. */
  boolean isAccepted() {
    return template
        .path("Rules")
        .valueStream()
        .flatMap(rule -> rule.path("Assertions").valueStream())
        .allMatch(assertion -> holds(assertion.path("Assert")));
  }

  private boolean isDeployed(JsonNode element) {
    return !element.has("Condition") || condition(element.get("Condition").asText());
  }

  private JsonNode resolve(JsonNode node) {
    if (node.isArray()) {
      ArrayNode resolved = JSON.arrayNode();
      for (JsonNode element : node) {
        JsonNode value = resolve(element);
        if (!value.isMissingNode()) {
          resolved.add(value);
        }
      }
      return resolved;
    }
    if (!node.isObject()) {
      return node;
    }
    if (node.size() == 1) {
      Map.Entry<String, JsonNode> only = node.properties().iterator().next();
      if (only.getKey().equals("Ref") || only.getKey().startsWith("Fn::")) {
        return call(only.getKey(), only.getValue());
      }
    }
    ObjectNode resolved = JSON.objectNode();
    node.properties()
        .forEach(
            member -> {
              JsonNode value = resolve(member.getValue());
              if (!value.isMissingNode()) {
                resolved.set(member.getKey(), value);
              }
            });
    return resolved;
  }

  private JsonNode call(String function, JsonNode argument) {
    return switch (function) {
      case "Ref" -> reference(argument.asText());
      case "Fn::GetAtt" ->
          TextNode.valueOf(argument.get(0).asText() + "." + argument.get(1).asText());
      case "Fn::FindInMap" -> mapped(argument);
      case "Fn::If" -> resolve(argument.get(condition(argument.get(0).asText()) ? 1 : 2));
      case "Fn::Join" -> TextNode.valueOf(String.join(literal(argument), texts(argument.get(1))));
      case "Fn::Select" -> resolve(argument.get(1)).get(argument.get(0).asInt());
      case "Fn::Split" -> split(literal(argument), text(argument.get(1)));
      case "Fn::Sub" -> TextNode.valueOf(substitute(argument));
      default -> throw new IllegalArgumentException("Not a function that is known: " + function);
    };
  }

  private JsonNode reference(String name) {
    if (name.equals("AWS::NoValue")) {
      return MissingNode.getInstance();
    }
    String pseudo = pseudoParameters.get(name);
    if (pseudo != null) {
      return TextNode.valueOf(pseudo);
    }
    JsonNode parameter = template.path("Parameters").path(name);
    if (!parameter.isMissingNode()) {
      String value = parameters.getOrDefault(name, parameter.path("Default").asText());
      if (!isList(parameter)) {
        return TextNode.valueOf(value);
      }
      ArrayNode list = JSON.arrayNode();
      entries(value).forEach(list::add);
      return list;
    }
    if (template.path("Resources").has(name)) {
      return TextNode.valueOf(name);
    }
    throw new IllegalArgumentException("A reference to nothing: " + name);
  }

  private JsonNode mapped(JsonNode argument) {
    JsonNode value =
        template
            .path("Mappings")
            .path(argument.get(0).asText())
            .path(text(argument.get(1)))
            .path(argument.get(2).asText());
    if (value.isMissingNode()) {
      throw new IllegalArgumentException("Not in a mapping: " + argument);
    }
    return value;
  }

  private String substitute(JsonNode argument) {
    if (argument.isTextual()) {
      return substitute(argument.asText(), name -> text(variable(name)));
    }
    JsonNode own = argument.get(1);
    return substitute(
        argument.get(0).asText(), name -> text(own.has(name) ? own.get(name) : variable(name)));
  }

  private JsonNode variable(String name) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      return reference(name);
    }
    return call(
        "Fn::GetAtt", JSON.arrayNode().add(name.substring(0, dot)).add(name.substring(dot + 1)));
  }

  private static String substitute(String text, Function<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(values.apply(match.group(1))))
        .replace("${!", "${");
  }

  private static ArrayNode split(String delimiter, String text) {
    ArrayNode parts = JSON.arrayNode();
    for (String part : text.split(Pattern.quote(delimiter), -1)) {
      parts.add(part);
    }
    return parts;
  }

  /** CloudFormation takes no function for a delimiter. */
  private static String literal(JsonNode argument) {
    if (!argument.get(0).isTextual()) {
      throw new IllegalArgumentException("Not a literal delimiter: " + argument);
    }
    return argument.get(0).asText();
  }

  private String text(JsonNode node) {
    JsonNode resolved = resolve(node);
    if (!resolved.isTextual()) {
      throw new IllegalArgumentException("Not a text: " + node);
    }
    return resolved.asText();
  }

  private List<String> texts(JsonNode nodes) {
    List<String> texts = new ArrayList<>();
    resolve(nodes).forEach(node -> texts.add(node.asText()));
    return texts;
  }

  private boolean condition(String name) {
    JsonNode condition = template.path("Conditions").path(name);
    if (condition.isMissingNode()) {
      throw new IllegalArgumentException("No condition is named " + name);
    }
    return holds(condition);
  }

  private boolean holds(JsonNode condition) {
    Map.Entry<String, JsonNode> only = condition.properties().iterator().next();
    JsonNode argument = only.getValue();
    return switch (only.getKey()) {
      case "Condition" -> condition(argument.asText());
      case "Fn::Equals" -> text(argument.get(0)).equals(text(argument.get(1)));
      case "Fn::Not" -> !holds(argument.get(0));
      case "Fn::And" -> argument.valueStream().allMatch(this::holds);
      case "Fn::Or" -> argument.valueStream().anyMatch(this::holds);
      default -> throw new IllegalArgumentException("Not a condition that is known: " + condition);
    };
  }
}
