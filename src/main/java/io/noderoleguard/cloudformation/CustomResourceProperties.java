package io.noderoleguard.cloudformation;

import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.report.Mode;
import io.noderoleguard.role.ExtraPolicyUse;
import io.noderoleguard.role.IamRules;
import io.noderoleguard.role.InstanceProfileUse;
import io.noderoleguard.role.Label;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.Requirements.Part;
import io.noderoleguard.role.Target;
import io.noderoleguard.settings.InvalidInputException;
import io.noderoleguard.settings.Problems;
import io.noderoleguard.settings.Settings;
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
record CustomResourceProperties(Target target, Requirements requirements, Mode mode) {

  private static final List<String> ACCEPTED =
      List.of(
          "RoleName",
          "Path",
          "ManagedPolicyArns",
          "AssumeRolePolicyDocument",
          "InstanceProfile",
          "PermissionsBoundary",
          "Tags",
          "ExtraPolicies",
          "AllowedPolicies",
          "Mode");
  private static final Set<String> RESERVED = Set.of("ServiceToken", "ServiceTimeout");

  /**
   * Reads the properties.
   *
   * @throws InvalidInputException when any of them is wrong; it names all of those
   */
  static CustomResourceProperties read(JsonObject properties, Settings settings) {
    Problems problems = new Problems();
    Set<String> unknown = new TreeSet<>(properties.members().keySet());
    unknown.removeAll(ACCEPTED);
    unknown.removeAll(RESERVED);
    unknown.forEach(
        name ->
            problems.add(
                name, "no such property; accepted are %s".formatted(String.join(", ", ACCEPTED))));

    Reader reader = new Reader(properties, problems);
    Requirements defaults = settings.requirements();
    Requirements requirements =
        new Requirements(
            reader.text("Path").or(defaults::path),
            reader.strings("ManagedPolicyArns").orElse(defaults.policies()),
            reader.trustPolicy().or(defaults::trustPolicy),
            reader
                .choice("InstanceProfile", InstanceProfileUse.class)
                .orElse(defaults.instanceProfile()),
            reader.text("PermissionsBoundary").or(defaults::permissionsBoundary),
            reader.tags().orElse(defaults.tags()),
            reader.choice("ExtraPolicies", ExtraPolicyUse.class).orElse(defaults.extraPolicies()),
            reader.strings("AllowedPolicies").orElse(defaults.allowedPolicies()),
            defaults.effect());
    Mode mode = reader.mode().orElse(settings.mode());
    Optional<String> roleName = reader.text("RoleName");
    roleName.ifPresent(name -> problems.add("RoleName", IamRules.roleName(name)));
    if (!properties.members().containsKey("RoleName")) {
      roleName = settings.roles().onlyRole();
      if (roleName.isEmpty()) {
        problems.add("RoleName", "it is required, since the function may guard several roles");
      }
    }
    problems.addAll(requirements, CustomResourceProperties::property);
    problems.throwIfAny();
    return new CustomResourceProperties(Target.named(roleName.orElseThrow()), requirements, mode);
  }

  private static String property(Part part) {
    return switch (part) {
      case PATH -> "Path";
      case POLICIES -> "ManagedPolicyArns";
      case TRUST_POLICY -> "AssumeRolePolicyDocument";
      case PERMISSIONS_BOUNDARY -> "PermissionsBoundary";
      case TAGS -> "Tags";
      case ALLOWED_POLICIES -> "AllowedPolicies";
    };
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
      Optional<Mode> mode = label.flatMap(Mode::parse);
      if (mode.isEmpty()) {
        label.ifPresent(text -> problems.add("Mode", Mode.problemWith(text)));
      }
      return mode;
    }

    /**
     * CloudFormation sends numbers and booleans in it as strings, which mean the same in a policy.
     */
    Optional<String> trustPolicy() {
      JsonValue value = properties.members().get("AssumeRolePolicyDocument");
      if (value == null) {
        return Optional.empty();
      }
      if (value instanceof JsonObject document) {
        return Optional.of(Json.write(document));
      }
      problems.add(
          "AssumeRolePolicyDocument", "it is %s where an object belongs".formatted(value.kind()));
      return Optional.empty();
    }

    <E extends Enum<E> & Label> Optional<E> choice(String name, Class<E> choices) {
      Optional<String> label = text(name);
      Optional<E> choice = label.flatMap(text -> Label.parse(choices, text));
      if (choice.isEmpty()) {
        label.ifPresent(text -> problems.add(name, Label.problemWith(choices, text)));
      }
      return choice;
    }

    Optional<List<String>> strings(String name) {
      return elements(name)
          .map(
              elements -> {
                List<String> strings = new ArrayList<>();
                for (JsonValue element : elements) {
                  if (element instanceof JsonString(var text)) {
                    strings.add(text);
                  } else {
                    problems.add(
                        name, "an element is %s where a string belongs".formatted(element.kind()));
                  }
                }
                return strings;
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
