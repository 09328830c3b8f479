package io.noderoleguard.role;

import io.noderoleguard.role.Change.AddRoleToInstanceProfile;
import io.noderoleguard.role.Change.CreateInstanceProfile;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The instance profile in which EC2 hands the role to a node. Any that holds the role will do. */
public final class Profiles implements Aspect {

  Profiles() {}

  /** No instance profile holds the role, and none of its name exists. */
  public record InstanceProfileMissing(String instanceProfileName, String path) implements Finding {
    @Override
    public String message() {
      return "No instance profile holds the role.";
    }

    @Override
    public Map<String, String> details() {
      return Map.of("instanceProfileName", instanceProfileName);
    }

    @Override
    public List<Change> remedy(DesiredRole desired) {
      return List.of(
          new CreateInstanceProfile(instanceProfileName, path),
          new AddRoleToInstanceProfile(instanceProfileName));
    }
  }

  /** No instance profile holds the role; the one of its name is empty. */
  public record InstanceProfileEmpty(String instanceProfileName) implements Finding {
    @Override
    public String message() {
      return "No instance profile holds the role; the profile %s is empty."
          .formatted(instanceProfileName);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("instanceProfileName", instanceProfileName);
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

  @Override
  public Stream<Finding> differences(Target target, DesiredRole desired, RoleState actual) {
    return switch (actual) {
      case Absent _ -> withoutProfile(target.name(), desired.pathToCreate(), actual);
      case Present role when role.instanceProfiles().isEmpty() ->
          withoutProfile(target.name(), role.path(), actual);
      case Present _ -> Stream.empty();
    };
  }

  private static Stream<Finding> withoutProfile(String roleName, String path, RoleState actual) {
    Optional<InstanceProfile> profile = actual.profileOfSameName();
    if (profile.isEmpty()) {
      return Stream.of(new InstanceProfileMissing(roleName, path));
    }
    String profileName = profile.get().name();
    List<String> held = profile.get().roleNames();
    if (held.isEmpty()) {
      return Stream.of(new InstanceProfileEmpty(profileName));
    }
    return held.stream().anyMatch(roleName::equalsIgnoreCase)
        ? Stream.empty()
        : Stream.of(new InstanceProfileHoldsOtherRole(profileName, String.join(", ", held)));
  }
}
