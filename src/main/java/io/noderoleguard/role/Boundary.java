package io.noderoleguard.role;

import io.noderoleguard.role.Change.PutPermissionsBoundary;
import io.noderoleguard.role.RoleState.Present;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The permissions boundary, where one is asked for. */
public final class Boundary implements Aspect {

  Boundary() {}

  /** The permissions boundary is not the one asked for. */
  public record PermissionsBoundaryDiffers(Optional<String> actualArn, String desiredArn)
      implements Finding {
    @Override
    public Set<String> actions() {
      return Set.of("PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary", "CreateRole");
    }

    @Override
    public String message() {
      return "The permissions boundary is %s, not %s."
          .formatted(actualArn.orElse("missing"), desiredArn);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("policyArn", desiredArn);
    }

    @Override
    public List<Change> remedy(DesiredRole desired) {
      return List.of(new PutPermissionsBoundary(desiredArn));
    }
  }

  @Override
  public Stream<Finding> differences(Target target, DesiredRole desired, RoleState actual) {
    return actual instanceof Present role
        ? desired.permissionsBoundary().stream()
            .filter(boundary -> !role.permissionsBoundary().equals(Optional.of(boundary)))
            .map(boundary -> new PermissionsBoundaryDiffers(role.permissionsBoundary(), boundary))
        : Stream.empty();
  }
}
