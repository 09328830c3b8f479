package io.noderoleguard.role;

import io.noderoleguard.role.Change.UpdateTrustPolicy;
import io.noderoleguard.role.RoleState.Present;
import java.util.List;
import java.util.stream.Stream;

/** Who may assume the role. */
public final class Trust implements Aspect {

  Trust() {}

  /**
   * The trust policy means something else than it should.
   *
   * @param differences each in words: "also trusts arn:aws:iam::999999999999:root"
   */
  public record TrustPolicyDiffers(List<String> differences) implements Finding {
    private static final int MAX_LISTED = 10;

    public TrustPolicyDiffers {
      differences = List.copyOf(differences);
    }

    @Override
    public String message() {
      int more = differences.size() - MAX_LISTED;
      return "The trust policy %s%s."
          .formatted(
              String.join("; ", differences.subList(0, Math.min(MAX_LISTED, differences.size()))),
              more > 0 ? "; and %d more".formatted(more) : "");
    }

    @Override
    public List<Change> remedy(DesiredRole desired) {
      return List.of(new UpdateTrustPolicy(desired.trustPolicy().json()));
    }
  }

  @Override
  public Stream<Finding> differences(Target target, DesiredRole desired, RoleState actual) {
    if (!(actual instanceof Present role)) {
      return Stream.empty();
    }
    List<String> differences = desired.trustPolicy().differencesOf(role.trustPolicy());
    return differences.isEmpty() ? Stream.empty() : Stream.of(new TrustPolicyDiffers(differences));
  }
}
