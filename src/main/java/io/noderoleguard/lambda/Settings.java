package io.noderoleguard.lambda;

import io.noderoleguard.guard.Mode;
import io.noderoleguard.role.NodeRoleSpec;
import io.noderoleguard.role.RoleNames;
import io.noderoleguard.role.SpecRules;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The function's settings, which template.yaml puts into environment variables. One that is missing
 * or blank has its default.
 *
 * <ul>
 *   <li>{@code ROLE_NAMES}: the roles to guard, names and patterns with {@code *} and {@code ?},
 *       separated by commas ({@code NodeInstanceRole})
 *   <li>{@code ROLE_PATH}: the path that they should be under (any; {@code /} for a new one)
 *   <li>{@code MODE}: {@code Repair} or {@code Audit} ({@code Repair})
 *   <li>{@code REQUIRED_POLICIES}: names of AWS managed policies or policy ARNs, separated by
 *       commas ({@link NodeRoleSpec#DEFAULT_POLICIES})
 *   <li>{@code PERMISSIONS_BOUNDARY}: the ARN of the policy that should bound them (any or none)
 *   <li>{@code ROLE_TAGS}: the tags that they should have, {@code Key=Value} separated by commas
 *       (none)
 * </ul>
 */
public record Settings(
    RoleNames roleNames,
    Optional<String> rolePath,
    Mode mode,
    List<String> requiredPolicies,
    Optional<String> permissionsBoundary,
    Map<String, String> roleTags) {

  public Settings {
    requiredPolicies = List.copyOf(requiredPolicies);
  }

  /**
   * Reads the settings.
   *
   * @param environment the environment variables
   * @throws InvalidInputException when any of them is wrong; it names all of those
   */
  public static Settings from(Map<String, String> environment) {
    Problems problems = new Problems();
    Reader reader = new Reader(environment, problems);
    Settings settings =
        new Settings(
            reader.roleNames(),
            reader.text("ROLE_PATH"),
            reader.mode(),
            reader.list("REQUIRED_POLICIES", NodeRoleSpec.DEFAULT_POLICIES),
            reader.text("PERMISSIONS_BOUNDARY"),
            reader.tags());
    settings.rolePath.ifPresent(path -> problems.add("ROLE_PATH", SpecRules.path(path)));
    settings.requiredPolicies.forEach(
        policy -> problems.add("REQUIRED_POLICIES", SpecRules.policy(policy)));
    settings.permissionsBoundary.ifPresent(
        arn -> problems.add("PERMISSIONS_BOUNDARY", SpecRules.permissionsBoundary(arn)));
    problems.throwIfAny();
    return settings;
  }

  /** Whether it goes without saying which role is meant. */
  boolean guardsJustOneRole() {
    return roleNames.exact().size() == 1 && roleNames.patterns().isEmpty();
  }

  /** What one of the guarded roles should be. */
  NodeRoleSpec spec(String roleName) {
    return new NodeRoleSpec(roleName, rolePath, requiredPolicies, permissionsBoundary, roleTags);
  }

  private record Reader(Map<String, String> environment, Problems problems) {

    Optional<String> text(String variable) {
      return Optional.ofNullable(environment.get(variable))
          .map(String::strip)
          .filter(value -> !value.isEmpty());
    }

    List<String> list(String variable, List<String> defaults) {
      return text(variable)
          .map(
              value ->
                  Arrays.stream(value.split(",", -1))
                      .map(String::strip)
                      .filter(entry -> !entry.isEmpty())
                      .distinct()
                      .toList())
          .orElse(defaults);
    }

    RoleNames roleNames() {
      List<String> names = list("ROLE_NAMES", List.of("NodeInstanceRole"));
      if (names.isEmpty()) {
        problems.add("ROLE_NAMES", "it names no role");
      }
      List<Optional<String>> wrong = names.stream().map(RoleNames::problemWith).toList();
      wrong.forEach(problem -> problems.add("ROLE_NAMES", problem));
      return wrong.stream().allMatch(Optional::isEmpty)
          ? RoleNames.of(names)
          : new RoleNames(List.of(), List.of());
    }

    Mode mode() {
      String label = text("MODE").orElse(Mode.REPAIR.label());
      Optional<Mode> mode = Mode.labelled(label);
      if (mode.isEmpty()) {
        problems.add("MODE", Mode.problemWith(label));
      }
      return mode.orElse(Mode.AUDIT);
    }

    Map<String, String> tags() {
      Map<String, String> tags = new LinkedHashMap<>();
      for (String tag : list("ROLE_TAGS", List.of())) {
        String[] keyAndValue = tag.split("=", 2);
        String key = keyAndValue[0].strip();
        if (keyAndValue.length < 2) {
          problems.add("ROLE_TAGS", "\"%s\" is not of the form Key=Value".formatted(tag));
        } else if (tags.put(key, keyAndValue[1].strip()) != null) {
          problems.add("ROLE_TAGS", "the key \"%s\" is there twice".formatted(key));
        }
      }
      tags.forEach((key, value) -> problems.add("ROLE_TAGS", SpecRules.tag(key, value)));
      problems.add("ROLE_TAGS", SpecRules.tags(tags));
      return tags;
    }
  }
}
