package io.noderoleguard.role;

import io.noderoleguard.role.Change.CreateRole;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Whether the role exists. */
public final class Existence implements Aspect {

  Existence() {}

  /** No role has that name. */
  public record RoleMissing(String roleName) implements Finding {
    @Override
    public Set<String> actions() {
      return Set.of("DeleteRole");
    }

    @Override
    public String message() {
      return ("The role %s does not exist. A recreated role keeps its ARN but gets a new ID, so EKS"
              + " access entries for the old role must be recreated. The guard does that in the"
              + " clusters that the setting Clusters names.")
          .formatted(roleName);
    }

    @Override
    public List<Change> remedy(DesiredRole desired) {
      return List.of(
          new CreateRole(
              desired.pathToCreate(),
              desired.trustPolicy().json(),
              desired.permissionsBoundary(),
              desired.tags()));
    }
  }

  @Override
  public Stream<Finding> differences(Target target, DesiredRole desired, RoleState actual) {
    return switch (actual) {
      case Absent _ -> Stream.of(new RoleMissing(target.name()));
      case Present _ -> Stream.empty();
    };
  }
}
