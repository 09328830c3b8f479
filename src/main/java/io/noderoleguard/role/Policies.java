package io.noderoleguard.role;

import io.noderoleguard.role.Change.AttachManagedPolicy;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The managed policies that are attached. See {@link ExtraPolicies} for the others. */
public final class Policies implements Aspect {

  Policies() {}

  /**
   * A required managed policy is not attached, nor one that would do instead.
   *
   * @param policyArn the one that a repair attaches
   * @param alternatives those that would do as well
   */
  public record ManagedPolicyNotAttached(String policyArn, List<String> alternatives)
      implements Finding {
    public ManagedPolicyNotAttached {
      alternatives = List.copyOf(alternatives);
    }

    @Override
    public Set<String> actions() {
      return Set.of("DetachRolePolicy", "DeleteRole", "CreateRole");
    }

    @Override
    public boolean concerns(String otherArn) {
      return policyArn.equals(otherArn) || alternatives.contains(otherArn);
    }

    @Override
    public String message() {
      return alternatives.isEmpty()
          ? "The managed policy %s is not attached.".formatted(policyArn)
          : "None of the managed policies %s, %s is attached; one of them is required."
              .formatted(policyArn, String.join(", ", alternatives));
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
    return desired.policies().stream()
        .filter(choice -> !choice.isSatisfiedBy(attached))
        .map(choice -> new ManagedPolicyNotAttached(choice.first(), choice.others()));
  }
}
