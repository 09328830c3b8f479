package io.noderoleguard.role;

import io.noderoleguard.policy.NamedPrincipals;
import io.noderoleguard.role.Change.UpdateTrustPolicy;
import io.noderoleguard.role.RoleState.Present;
import io.noderoleguard.role.TrustPolicy.Comparison;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Who may assume the role. */
public final class Trust implements Aspect {

  Trust() {}

  /**
   * The trust policy means something else than it should.
   *
   * @param differences each in words: "also trusts arn:aws:iam::999999999999:root"
   * @param previous the whole text, which a repair overwrites
   */
  public record TrustPolicyDiffers(List<String> differences, String previous) implements Finding {
    public TrustPolicyDiffers {
      differences = List.copyOf(differences);
    }

    @Override
    public Set<String> actions() {
      return Set.of("UpdateAssumeRolePolicy", "CreateRole");
    }

    @Override
    public String message() {
      return "The trust policy %s.".formatted(String.join("; ", differences));
    }

    @Override
    public Map<String, String> details() {
      return Map.of("previous", previous);
    }

    @Override
    public List<Change> remedy(DesiredRole desired) {
      return List.of(new UpdateTrustPolicy(desired.trustPolicy().json()));
    }
  }

  /**
   * Only a pattern matched the role, and EC2 is not trusted at all: whatever it is, nodes do not
   * use it, and others may.
   *
   * @param principals those that the trust policy names
   */
  public record NotANodeRole(List<String> principals) implements Finding {
    public NotANodeRole {
      principals = List.copyOf(principals);
    }

    @Override
    public Set<String> actions() {
      return Set.of("UpdateAssumeRolePolicy", "CreateRole");
    }

    @Override
    public String message() {
      return ("Only a pattern matches this role, and its trust policy, which names %s, does not let"
              + " nodes assume it: it is not a node role, and the guard leaves it alone. If it is"
              + " one, guard it by its name.")
          .formatted(principals.isEmpty() ? "nobody" : String.join(", ", principals));
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
    String document = role.trustPolicy();
    if (!target.mayCreate() && !desired.trustPolicy().isOfNode(document)) {
      return Stream.of(new NotANodeRole(NamedPrincipals.in(document)));
    }
    List<String> differences = compare(desired, role).differences();
    return differences.isEmpty()
        ? Stream.empty()
        : Stream.of(new TrustPolicyDiffers(differences, document));
  }

  @Override
  public Stream<Note> notes(DesiredRole desired, RoleState actual) {
    return actual instanceof Present role
        ? compare(desired, role).notes().stream()
        : Stream.empty();
  }

  private static Comparison compare(DesiredRole desired, Present role) {
    return desired.trustPolicy().compare(role.trustPolicy(), role.account());
  }
}
