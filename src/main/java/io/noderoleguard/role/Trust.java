package io.noderoleguard.role;

import io.noderoleguard.role.Change.UpdateTrustPolicy;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import io.noderoleguard.role.TrustPolicy.Comparison;
import java.util.List;
import java.util.Optional;
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

  /**
   * EC2 may assume the role under a condition that binds it to the role's own account.
   *
   * @param conditions each in words; one of them has to hold
   */
  public record TrustPolicyNarrowed(List<String> conditions) implements Note {
    public TrustPolicyNarrowed {
      conditions = List.copyOf(conditions);
    }

    @Override
    public String message() {
      return ("The trust policy lets EC2 assume the role only if %s. That binds EC2 to the role's own"
              + " account: left as it is.")
          .formatted(String.join(", or ", conditions));
    }
  }

  /** EC2 may tag the role's sessions, too. */
  public record TrustPolicyTagsSessions() implements Note {
    @Override
    public String message() {
      return "The trust policy also allows EC2 sts:TagSession, as roles of EKS Auto Mode do: left as"
          + " it is.";
    }
  }

  /**
   * The trust policy denies something to others than EC2.
   *
   * @param denials each in words: "denies sts:AssumeRole to everyone (*) only if …"
   */
  public record TrustPolicyDenies(List<String> denials) implements Note {
    public TrustPolicyDenies {
      denials = List.copyOf(denials);
    }

    @Override
    public String message() {
      return "The trust policy also %s. That cannot concern an AWS service: left as it is."
          .formatted(String.join("; ", denials));
    }
  }

  /** In China the trust policy names EC2 as elsewhere. */
  public record ChinaServicePrincipalMissing() implements Note {
    @Override
    public String message() {
      return ("The trust policy names %s, but not %s, which EKS in China has asked for: left as it"
              + " is.")
          .formatted(Partition.EC2, Partition.EC2_IN_CHINA);
    }
  }

  @Override
  public Stream<Finding> differences(Target target, DesiredRole desired, RoleState actual) {
    return compare(desired, actual).stream()
        .map(Comparison::differences)
        .filter(differences -> !differences.isEmpty())
        .map(TrustPolicyDiffers::new);
  }

  @Override
  public Stream<Note> notes(DesiredRole desired, RoleState actual) {
    return compare(desired, actual).stream().flatMap(comparison -> comparison.notes().stream());
  }

  private static Optional<Comparison> compare(DesiredRole desired, RoleState actual) {
    return switch (actual) {
      case Absent _ -> Optional.empty();
      case Present role ->
          Optional.of(desired.trustPolicy().compare(role.trustPolicy(), role.account()));
    };
  }
}
