package io.noderoleguard.settings;

import io.noderoleguard.report.Mode;
import io.noderoleguard.role.ClusterSelection;
import io.noderoleguard.role.EffectUse;
import io.noderoleguard.role.ExtraPolicyUse;
import io.noderoleguard.role.InstanceProfileUse;
import io.noderoleguard.role.Label;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.Requirements.Part;
import io.noderoleguard.role.RoleSelection;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The function's settings, which template.yaml puts into environment variables. One that is missing
 * or blank has its default.
 *
 * <ul>
 *   <li>{@code ROLE_NAMES}: the roles to guard, names and patterns with {@code *} and {@code ?},
 *       separated by commas ({@code NodeInstanceRole})
 *   <li>{@code ROLE_PATH}: the path that they should be under (any; {@code /} for a new one)
 *   <li>{@code MODE}: {@code Repair} or {@code Audit} ({@code Repair}); see {@link
 *       #isLocalOnRealAccount}
 *   <li>{@code REQUIRED_POLICIES}: names of AWS managed policies or policy ARNs, separated by
 *       commas; between alternatives a bar ({@link Requirements#DEFAULT_POLICIES})
 *   <li>{@code TRUST_POLICY}: the JSON of the trust policy that they should have (that of the EKS
 *       user guide)
 *   <li>{@code INSTANCE_PROFILE}: {@code Ensure} or {@code Ignore} ({@code Ensure})
 *   <li>{@code PERMISSIONS_BOUNDARY}: the ARN of the policy that should bound them (any or none)
 *   <li>{@code ROLE_TAGS}: the tags that they should have, {@code Key=Value} separated by commas
 *       (none)
 *   <li>{@code CLUSTERS}: the clusters whose nodes use them, names and patterns with {@code *} and
 *       {@code ?}, separated by commas; {@code region/name} for one of another Region (none)
 *   <li>{@code EXTRA_POLICIES}: {@code Ignore}, {@code Report} or {@code Remove} ({@code Ignore})
 *   <li>{@code ALLOWED_POLICIES}: what they may have besides, separated by commas: names of AWS
 *       managed policies, policy ARNs and {@code inline:NAME}, with {@code *} and {@code ?} (none)
 *   <li>{@code EFFECTIVE_PERMISSIONS}: {@code Verify} or {@code Off} ({@code Verify})
 *   <li>{@code EXPLAIN_DRIFT}: {@code Yes} or {@code No} ({@code Yes}); see {@link
 *       #isDriftExplained}
 *   <li>{@code IAM_EVENTS_REGION}: a Region (the partition's usual one); see {@link
 *       #iamEventsRegion}
 * </ul>
 */
public record Settings(
    RoleSelection roles, Requirements requirements, Mode mode, ClusterSelection clusters) {

  // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
  private static final List<String> ENDPOINT_VARIABLES =
      List.of("AWS_ENDPOINT_URL_IAM", "AWS_ENDPOINT_URL");
  private static final String ENDPOINT_PROPERTY = "(.*\\s)?-Daws\\.endpointUrl(Iam)?=\\S.*";

  private static final Pattern REGION = Pattern.compile("[a-z]{2,4}(-[a-z]+)+-[1-9]");

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
            reader.roles(),
            new Requirements(
                reader.text("ROLE_PATH"),
                reader.list("REQUIRED_POLICIES", Requirements.DEFAULT_POLICIES),
                reader.text("TRUST_POLICY"),
                reader.choice(
                    "INSTANCE_PROFILE", InstanceProfileUse.class, InstanceProfileUse.ENSURE),
                reader.text("PERMISSIONS_BOUNDARY"),
                reader.tags(),
                reader.choice("EXTRA_POLICIES", ExtraPolicyUse.class, ExtraPolicyUse.IGNORE),
                reader.list("ALLOWED_POLICIES", List.of()),
                reader.choice("EFFECTIVE_PERMISSIONS", EffectUse.class, EffectUse.VERIFY)),
            reader.mode(),
            reader.clusters());
    reader.explainDrift();
    reader.iamEventsRegion();
    problems.addAll(settings.requirements, Settings::variable);
    problems.throwIfAny();
    return settings;
  }

  /**
   * Whether {@code sam local} runs the function with the developer's own credentials and no other
   * IAM was named. Then the settings' mode is {@code Audit}: only an event that asks for {@code
   * Repair} itself changes a real account from a developer's machine.
   *
   * @param environment the environment variables
   */
  public static boolean isLocalOnRealAccount(Map<String, String> environment) {
    return "true".equals(environment.get("AWS_SAM_LOCAL"))
        && ENDPOINT_VARIABLES.stream()
            .allMatch(name -> environment.getOrDefault(name, "").isBlank())
        // As a system property, since SAM passes on only the variables that the template declares
        && !environment.getOrDefault("JAVA_TOOL_OPTIONS", "").matches(ENDPOINT_PROPERTY);
  }

  /**
   * Whether CloudTrail is asked who changed a role.
   *
   * @param environment the environment variables
   */
  public static boolean isDriftExplained(Map<String, String> environment) {
    return !"No".equals(environment.getOrDefault("EXPLAIN_DRIFT", "").strip());
  }

  /**
   * The Region in which CloudTrail has IAM's events, if it is not the partition's usual one.
   *
   * @param environment the environment variables
   */
  public static Optional<String> iamEventsRegion(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("IAM_EVENTS_REGION"))
        .map(String::strip)
        .filter(region -> !region.isEmpty());
  }

  private static String variable(Part part) {
    return switch (part) {
      case PATH -> "ROLE_PATH";
      case POLICIES -> "REQUIRED_POLICIES";
      case TRUST_POLICY -> "TRUST_POLICY";
      case PERMISSIONS_BOUNDARY -> "PERMISSIONS_BOUNDARY";
      case TAGS -> "ROLE_TAGS";
      case ALLOWED_POLICIES -> "ALLOWED_POLICIES";
    };
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

    RoleSelection roles() {
      List<String> names = list("ROLE_NAMES", List.of("NodeInstanceRole"));
      if (names.isEmpty()) {
        problems.add("ROLE_NAMES", "it names no role");
      }
      List<Optional<String>> wrong = names.stream().map(RoleSelection::problemWith).toList();
      wrong.forEach(problem -> problems.add("ROLE_NAMES", problem));
      return wrong.stream().allMatch(Optional::isEmpty)
          ? RoleSelection.of(names)
          : new RoleSelection(List.of(), List.of());
    }

    ClusterSelection clusters() {
      List<String> entries = list("CLUSTERS", List.of());
      List<Optional<String>> wrong = entries.stream().map(ClusterSelection::problemWith).toList();
      wrong.forEach(problem -> problems.add("CLUSTERS", problem));
      return wrong.stream().allMatch(Optional::isEmpty)
          ? ClusterSelection.of(entries)
          : ClusterSelection.NONE;
    }

    Mode mode() {
      String label = text("MODE").orElse(Mode.REPAIR.label());
      Optional<Mode> mode = Mode.parse(label);
      if (mode.isEmpty()) {
        problems.add("MODE", Mode.problemWith(label));
      }
      return mode.filter(_ -> !isLocalOnRealAccount(environment)).orElse(Mode.AUDIT);
    }

    <E extends Enum<E> & Label> E choice(String variable, Class<E> choices, E missing) {
      Optional<String> label = text(variable);
      Optional<E> choice = label.flatMap(text -> Label.parse(choices, text));
      if (choice.isEmpty()) {
        label.ifPresent(text -> problems.add(variable, Label.problemWith(choices, text)));
      }
      return choice.orElse(missing);
    }

    void explainDrift() {
      text("EXPLAIN_DRIFT")
          .filter(label -> !List.of("Yes", "No").contains(label))
          .ifPresent(
              label ->
                  problems.add("EXPLAIN_DRIFT", "\"%s\" is neither Yes nor No".formatted(label)));
    }

    void iamEventsRegion() {
      Settings.iamEventsRegion(environment)
          .filter(region -> !REGION.matcher(region).matches())
          .ifPresent(
              region ->
                  problems.add("IAM_EVENTS_REGION", "\"%s\" is not a Region".formatted(region)));
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
      return tags;
    }
  }
}
