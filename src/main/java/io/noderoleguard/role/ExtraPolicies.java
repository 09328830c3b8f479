package io.noderoleguard.role;

import io.noderoleguard.policy.Condition;
import io.noderoleguard.policy.MalformedPolicyException;
import io.noderoleguard.policy.Permission;
import io.noderoleguard.policy.Permission.Effect;
import io.noderoleguard.policy.PolicyReader;
import io.noderoleguard.role.Change.DeleteInlinePolicy;
import io.noderoleguard.role.Change.DetachManagedPolicy;
import io.noderoleguard.role.RoleState.Present;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What a role has beyond what is required and allowed, where the owner asks for that. */
public final class ExtraPolicies implements Aspect {

  ExtraPolicies() {}

  /** A managed policy is attached that is neither required nor allowed. */
  public record ManagedPolicyNotAllowed(String policyArn) implements Finding {
    @Override
    public String message() {
      return "The managed policy %s is attached, and is neither required nor allowed."
          .formatted(policyArn);
    }

    @Override
    public Set<String> actions() {
      return Set.of("AttachRolePolicy");
    }

    @Override
    public Map<String, String> details() {
      return Map.of("policyArn", policyArn);
    }

    @Override
    public List<Change> remedy(DesiredRole desired) {
      return desired.extraPolicies() == ExtraPolicyUse.REMOVE
          ? List.of(new DetachManagedPolicy(policyArn))
          : List.of();
    }
  }

  /**
   * There is an inline policy that is not allowed.
   *
   * @param previous its whole text, which is lost where it is deleted
   */
  public record InlinePolicyNotAllowed(String policyName, String previous) implements Finding {
    @Override
    public String message() {
      return "The inline policy %s is not allowed.".formatted(policyName);
    }

    @Override
    public Set<String> actions() {
      return Set.of("PutRolePolicy");
    }

    @Override
    public Map<String, String> details() {
      return Map.of("policyName", policyName, "previous", previous);
    }

    @Override
    public List<Change> remedy(DesiredRole desired) {
      return desired.extraPolicies() == ExtraPolicyUse.REMOVE
          ? List.of(new DeleteInlinePolicy(policyName))
          : List.of();
    }
  }

  @Override
  public Stream<Finding> differences(Target target, DesiredRole desired, RoleState actual) {
    if (desired.extraPolicies() == ExtraPolicyUse.IGNORE || !(actual instanceof Present role)) {
      return Stream.empty();
    }
    return Stream.concat(
        role.attachedPolicyArns().stream()
            .filter(arn -> !desired.allowsManaged(arn))
            .sorted()
            .map(ManagedPolicyNotAllowed::new),
        role.inlinePolicies().stream()
            .filter(policy -> !desired.allowedPolicies().allowsInline(policy.name()))
            .filter(policy -> !revokesSessions(policy))
            .map(policy -> new InlinePolicyNotAllowed(policy.name(), policy.document())));
  }

  @Override
  public Stream<Note> notes(DesiredRole desired, RoleState actual) {
    return actual instanceof Present role
        ? role.inlinePolicies().stream()
            .filter(ExtraPolicies::revokesSessions)
            .map(policy -> new Note.SessionsRevoked(policy.name()))
        : Stream.empty();
  }

  /**
   * Whether all that the policy does is to end sessions that someone may have stolen: to delete it
   * would bring them to life again. See <a
   * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html">Revoke
   * IAM role temporary security credentials</a>.
   */
  private static boolean revokesSessions(InlinePolicy policy) {
    try {
      Set<Permission> permissions = PolicyReader.read(policy.document()).permissions();
      return !permissions.isEmpty()
          && permissions.stream()
              .allMatch(
                  permission ->
                      permission.effect() == Effect.DENY
                          && permission.conditions().stream()
                              .anyMatch(ExtraPolicies::isOfOldSessions));
    } catch (MalformedPolicyException unknown) {
      return false;
    }
  }

  private static boolean isOfOldSessions(Condition condition) {
    return condition.operator().equalsIgnoreCase("DateLessThan")
        && condition.key().equalsIgnoreCase("aws:TokenIssueTime");
  }
}
