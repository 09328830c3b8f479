package io.noderoleguard.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;

/**
 * A role as IAM itself tells it: a second opinion on what the function reports.
 *
 * @param trust a line for each statement of the trust policy
 * @param attached the ARNs of the managed policies
 * @param inline the names of the inline policies
 */
public record RoleSnapshot(
    String arn,
    List<String> trust,
    List<String> attached,
    List<String> inline,
    List<String> instanceProfiles,
    Optional<String> boundary,
    Map<String, String> tags) {

  /** There is no role. */
  static final RoleSnapshot NONE =
      new RoleSnapshot("", List.of(), List.of(), List.of(), List.of(), Optional.empty(), Map.of());

  private static final ObjectMapper JSON = new ObjectMapper();

  public RoleSnapshot {
    trust = List.copyOf(trust);
    attached = List.copyOf(attached);
    inline = List.copyOf(inline);
    instanceProfiles = List.copyOf(instanceProfiles);
    tags = Map.copyOf(tags);
  }

  /** Reads the role; empty if there is none. */
  public static Optional<RoleSnapshot> read(IamClient iam, String roleName) {
    Role role;
    try {
      role = iam.getRole(request -> request.roleName(roleName)).role();
    } catch (NoSuchEntityException e) {
      return Optional.empty();
    }
    return Optional.of(
        new RoleSnapshot(
            role.arn(),
            statements(URLDecoder.decode(role.assumeRolePolicyDocument(), StandardCharsets.UTF_8)),
            iam
                .listAttachedRolePoliciesPaginator(request -> request.roleName(roleName))
                .attachedPolicies()
                .stream()
                .map(AttachedPolicy::policyArn)
                .sorted()
                .toList(),
            iam
                .listRolePoliciesPaginator(request -> request.roleName(roleName))
                .policyNames()
                .stream()
                .sorted()
                .toList(),
            iam
                .listInstanceProfilesForRolePaginator(request -> request.roleName(roleName))
                .instanceProfiles()
                .stream()
                .map(InstanceProfile::instanceProfileName)
                .sorted()
                .toList(),
            Optional.ofNullable(role.permissionsBoundary())
                .map(AttachedPermissionsBoundary::permissionsBoundaryArn),
            role.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value))));
  }

  private static List<String> statements(String trustPolicy) {
    try {
      List<String> statements = new ArrayList<>();
      for (JsonNode statement : elements(JSON.readTree(trustPolicy).path("Statement"))) {
        statements.add(
            "%s %s: %s%s"
                .formatted(
                    statement.path("Effect").asText(),
                    principals(statement.path("Principal")),
                    values(statement.path("Action")),
                    statement.has("Condition") ? " if " + statement.path("Condition") : ""));
      }
      return statements;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the trust policy that IAM holds is no JSON", e);
    }
  }

  private static String principals(JsonNode principal) {
    return principal.isTextual()
        ? principal.asText()
        : principal.properties().stream()
            .map(kind -> kind.getKey() + " " + values(kind.getValue()))
            .collect(Collectors.joining(" and "));
  }

  private static String values(JsonNode scalarOrList) {
    return elements(scalarOrList).stream()
        .map(JsonNode::asText)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static List<JsonNode> elements(JsonNode scalarOrList) {
    return scalarOrList.isArray()
        ? StreamSupport.stream(scalarOrList.spliterator(), false).toList()
        : List.of(scalarOrList);
  }

  /** For a person. */
  String describe() {
    return """
        %s
          trust policy       %s
          managed policies   %s
          inline policies    %s
          instance profile   %s
          boundary           %s
          tags               %s
      """
        .formatted(
            arn,
            lines(trust),
            lines(attached),
            lines(inline),
            lines(instanceProfiles),
            boundary.orElse("none"),
            lines(new TreeMap<>(tags).entrySet().stream().map(Map.Entry::toString).toList()));
  }

  private static String lines(List<String> values) {
    return values.isEmpty() ? "none" : String.join("\n" + " ".repeat(23), values);
  }
}
