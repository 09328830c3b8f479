package io.noderoleguard.role;

import io.noderoleguard.role.RoleState.Present;
import java.util.stream.Stream;

/** The path of the role, which IAM cannot change. */
public final class Path implements Aspect {

  Path() {}

  /** AWS created the role for one of its services, and only AWS may change it: left alone. */
  public record RoleIsAwsOwn(String path) implements Finding {
    @Override
    public String message() {
      return "The path %s shows that this role belongs to an AWS service; it is not a node role."
          .formatted(path);
    }

    @Override
    public boolean isDecisive() {
      return true;
    }
  }

  /** The role is under another path, which cannot be changed: it is not the guard's. */
  public record RolePathDiffers(String actualPath, String desiredPath) implements Finding {
    @Override
    public String message() {
      return "The role's path is %s, not %s. IAM cannot change a path: the guard leaves it alone."
          .formatted(actualPath, desiredPath);
    }

    @Override
    public boolean isDecisive() {
      return true;
    }
  }

  @Override
  public Stream<Finding> differences(Target target, DesiredRole desired, RoleState actual) {
    if (!(actual instanceof Present role)) {
      return Stream.empty();
    }
    if (Present.isReservedForAws(role.path())) {
      return Stream.of(new RoleIsAwsOwn(role.path()));
    }
    return desired.path().stream()
        .filter(path -> !path.equals(role.path()))
        .map(path -> new RolePathDiffers(role.path(), path));
  }
}
