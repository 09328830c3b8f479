package io.noderoleguard.role;

import io.noderoleguard.role.Change.AttachManagedPolicy;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The managed policies that are attached. Others than the required ones do not differ. */
public final class Policies implements Aspect {

  Policies() {}

  /** A required managed policy is not attached. */
  public record ManagedPolicyNotAttached(String policyArn) implements Finding {
    @Override
    public String message() {
      return "The managed policy %s is not attached.".formatted(policyArn);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("policyArn", policyArn);
    }

    @Override
    public List<Change> remedy(DesiredRole desired) {
      return List.of(new AttachManagedPolicy(policyArn));
    }
  }

  @Override
  public Stream<Finding> differences(Target target, DesiredRole desired, RoleState actual) {
    Set<String> attached =
        switch (actual) {
          case Present role -> role.attachedPolicyArns();
          case Absent _ -> Set.of();
        };
    return desired.policyArns().stream()
        .filter(policyArn -> !attached.contains(policyArn))
        .map(ManagedPolicyNotAttached::new);
  }
}
