package io.noderoleguard.lambda;

import io.noderoleguard.guard.Mode;
import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.role.NodeRoleSpec;
import io.noderoleguard.role.SpecRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the properties of a custom resource ask for. They are named as in <a
 * href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html">AWS::IAM::Role</a>;
 * each that is missing has the value of the function's setting.
 */
record CustomResourceProperties(NodeRoleSpec spec, Mode mode) {

  private static final List<String> OWN =
      List.of("RoleName", "Path", "ManagedPolicyArns", "PermissionsBoundary", "Tags", "Mode");
  private static final Set<String> CLOUDFORMATIONS = Set.of("ServiceToken", "ServiceTimeout");

  /**
   * Reads the properties.
   *
   * @throws InvalidInputException when any of them is wrong; it names all of those
   */
  static CustomResourceProperties read(JsonObject properties, Settings settings) {
    Problems problems = new Problems();
    Set<String> unknown = new TreeSet<>(properties.members().keySet());
    unknown.removeAll(OWN);
    unknown.removeAll(CLOUDFORMATIONS);
    unknown.forEach(
        name ->
            problems.add(
                name, "no such property; accepted are %s".formatted(String.join(", ", OWN))));

    Reader reader = new Reader(properties, problems);
    Optional<String> roleName = reader.text("RoleName");
    Optional<String> path = reader.text("Path").or(settings::rolePath);
    List<String> policies = reader.policies().orElse(settings.requiredPolicies());
    Optional<String> boundary =
        reader.text("PermissionsBoundary").or(settings::permissionsBoundary);
    Map<String, String> tags = reader.tags().orElse(settings.roleTags());
    Mode mode = reader.mode().orElse(settings.mode());

    if (!properties.members().containsKey("RoleName") && !settings.guardsJustOneRole()) {
      problems.add("RoleName", "it is required, since the function may guard several roles");
    }
    roleName.ifPresent(name -> problems.add("RoleName", SpecRules.roleName(name)));
    path.ifPresent(text -> problems.add("Path", SpecRules.path(text)));
    policies.forEach(policy -> problems.add("ManagedPolicyArns", SpecRules.policy(policy)));
    boundary.ifPresent(
        arn -> problems.add("PermissionsBoundary", SpecRules.permissionsBoundary(arn)));
    tags.forEach((key, value) -> problems.add("Tags", SpecRules.tag(key, value)));
    problems.add("Tags", SpecRules.tags(tags));
    problems.throwIfAny();
    return new CustomResourceProperties(
        new NodeRoleSpec(
            roleName.orElseGet(() -> settings.roleNames().exact().getFirst()),
            path,
            policies,
            boundary,
            tags),
        mode);
  }

  private record Reader(JsonObject properties, Problems problems) {

    Optional<String> text(String name) {
      return text(name, name, properties);
    }

    private Optional<String> text(String property, String member, JsonObject object) {
      JsonValue value = object.members().get(member);
      if (value == null) {
        return Optional.empty();
      }
      if (value instanceof JsonString(var text)) {
        return Optional.of(text);
      }
      problems.add(property, "it is %s where a string belongs".formatted(value.kind()));
      return Optional.empty();
    }

    Optional<Mode> mode() {
      Optional<String> label = text("Mode");
      Optional<Mode> mode = label.flatMap(Mode::labelled);
      if (mode.isEmpty()) {
        label.ifPresent(text -> problems.add("Mode", Mode.problemWith(text)));
      }
      return mode;
    }

    Optional<List<String>> policies() {
      return elements("ManagedPolicyArns")
          .map(
              elements -> {
                List<String> policies = new ArrayList<>();
                for (JsonValue element : elements) {
                  if (element instanceof JsonString(var policy)) {
                    policies.add(policy);
                  } else {
                    problems.add(
                        "ManagedPolicyArns",
                        "an element is %s where a string belongs".formatted(element.kind()));
                  }
                }
                return policies;
              });
    }

    Optional<Map<String, String>> tags() {
      return elements("Tags")
          .map(
              elements -> {
                Map<String, String> tags = new LinkedHashMap<>();
                elements.forEach(element -> addTag(element, tags));
                return tags;
              });
    }

    private void addTag(JsonValue element, Map<String, String> tags) {
      if (!(element instanceof JsonObject tag)
          || !tag.members().keySet().equals(Set.of("Key", "Value"))) {
        problems.add("Tags", "an element is not of the form {\"Key\": \"…\", \"Value\": \"…\"}");
        return;
      }
      Optional<String> key = text("Tags", "Key", tag);
      Optional<String> value = text("Tags", "Value", tag);
      if (key.isPresent() && value.isPresent() && tags.put(key.get(), value.get()) != null) {
        problems.add("Tags", "the key \"%s\" is there twice".formatted(key.get()));
      }
    }

    private Optional<List<JsonValue>> elements(String name) {
      JsonValue value = properties.members().get(name);
      if (value == null) {
        return Optional.empty();
      }
      if (value instanceof JsonArray(var elements)) {
        return Optional.of(elements);
      }
      problems.add(name, "it is %s where a list belongs".formatted(value.kind()));
      return Optional.empty();
    }
  }
}
