package io.noderoleguard.role;

import io.noderoleguard.role.Change.AddRoleToInstanceProfile;
import io.noderoleguard.role.Change.CreateInstanceProfile;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The instance profile in which EC2 hands the role to a node. Any that holds the role will do. */
public final class Profiles implements Aspect {

  private static final Pattern GENERATED =
      Pattern.compile("(?<stack>.+)-[A-Za-z0-9]+-[A-Za-z0-9]{4,}");

  Profiles() {}

  /**
   * No instance profile holds the role, and none of its name exists.
   *
   * @param emptyProfiles others that hold no role, and whose names suggest that nodes use them
   */
  public record InstanceProfileMissing(
      String instanceProfileName, String path, List<String> emptyProfiles) implements Finding {
    public InstanceProfileMissing {
      emptyProfiles = List.copyOf(emptyProfiles);
    }

    @Override
    public Set<String> actions() {
      return Set.of("RemoveRoleFromInstanceProfile", "DeleteInstanceProfile");
    }

    @Override
    public String message() {
      return "No instance profile holds the role." + inWords(emptyProfiles);
    }

    @Override
    public Map<String, String> details() {
      return Profiles.details(instanceProfileName, emptyProfiles);
    }

    @Override
    public List<Change> remedy(DesiredRole desired) {
      return List.of(
          new CreateInstanceProfile(instanceProfileName, path),
          new AddRoleToInstanceProfile(instanceProfileName));
    }
  }

  /**
   * No instance profile holds the role; the one of its name is empty.
   *
   * @param emptyProfiles others that hold no role, and whose names suggest that nodes use them
   */
  public record InstanceProfileEmpty(String instanceProfileName, List<String> emptyProfiles)
      implements Finding {
    public InstanceProfileEmpty {
      emptyProfiles = List.copyOf(emptyProfiles);
    }

    @Override
    public Set<String> actions() {
      return Set.of("RemoveRoleFromInstanceProfile");
    }

    @Override
    public String message() {
      return "No instance profile holds the role; the profile %s is empty.%s"
          .formatted(instanceProfileName, inWords(emptyProfiles));
    }

    @Override
    public Map<String, String> details() {
      return Profiles.details(instanceProfileName, emptyProfiles);
    }

    @Override
    public List<Change> remedy(DesiredRole desired) {
      return List.of(new AddRoleToInstanceProfile(instanceProfileName));
    }
  }

  /** No instance profile holds the role; the one of its name holds another one: left alone. */
  public record InstanceProfileHoldsOtherRole(String instanceProfileName, String otherRoleName)
      implements Finding {
    @Override
    public Set<String> actions() {
      return Set.of("AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile");
    }

    @Override
    public String message() {
      return ("No instance profile holds the role; the profile %s holds the role %s. Others may rely"
              + " on that: the guard leaves it alone.")
          .formatted(instanceProfileName, otherRoleName);
    }

    @Override
    public Map<String, String> details() {
      Map<String, String> details = new LinkedHashMap<>();
      details.put("instanceProfileName", instanceProfileName);
      details.put("otherRoleName", otherRoleName);
      return details;
    }
  }

  private static String inWords(List<String> emptyProfiles) {
    return emptyProfiles.isEmpty()
        ? ""
        : (" These instance profiles are empty, too: %s. Nodes that start from one of them have no"
                + " role; the guard leaves those alone, so give them the role if nodes use them.")
            .formatted(String.join(", ", emptyProfiles));
  }

  private static Map<String, String> details(
      String instanceProfileName, List<String> emptyProfiles) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("instanceProfileName", instanceProfileName);
    if (!emptyProfiles.isEmpty()) {
      details.put("emptyInstanceProfiles", String.join(", ", emptyProfiles));
    }
    return details;
  }

  @Override
  public Stream<Finding> differences(Target target, DesiredRole desired, RoleState actual) {
    if (desired.instanceProfile() == InstanceProfileUse.IGNORE) {
      return Stream.empty();
    }
    return switch (actual) {
      case Absent _ -> withoutProfile(target.name(), desired.pathToCreate(), actual);
      case Present role when role.instanceProfiles().isEmpty() ->
          withoutProfile(target.name(), role.path(), actual);
      case Present _ -> Stream.empty();
    };
  }

  private static Stream<Finding> withoutProfile(String roleName, String path, RoleState actual) {
    Optional<InstanceProfile> profile = actual.profileOfSameName();
    List<String> suggested =
        actual.otherProfiles().emptyNames().stream()
            .filter(name -> !name.equals(roleName) && suggests(name, roleName))
            .sorted()
            .toList();
    if (profile.isEmpty()) {
      return Stream.of(new InstanceProfileMissing(roleName, path, suggested));
    }
    String profileName = profile.get().name();
    List<String> held = profile.get().roleNames();
    if (held.isEmpty()) {
      return Stream.of(new InstanceProfileEmpty(profileName, suggested));
    }
    return held.stream().anyMatch(roleName::equalsIgnoreCase)
        ? Stream.empty()
        : Stream.of(new InstanceProfileHoldsOtherRole(profileName, String.join(", ", held)));
  }

  /**
   * Whether nodes with the role may start from a profile, by its name: EKS makes {@code eks-ID} for
   * a managed node group; a stack of CloudFormation makes {@code STACK-PROFILE-ID}, and its role is
   * {@code STACK-ROLE-ID}.
   */
  private static boolean suggests(String profileName, String roleName) {
    var generated = GENERATED.matcher(roleName);
    return profileName.startsWith("eks-")
        || (generated.matches() && profileName.startsWith(generated.group("stack") + "-"));
  }
}
