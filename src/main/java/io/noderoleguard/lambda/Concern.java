package io.noderoleguard.lambda;

import io.noderoleguard.role.DesiredRole;
import io.noderoleguard.role.InstanceProfileUse;
import io.noderoleguard.role.Partition;
import io.noderoleguard.role.RoleSelection;
import io.noderoleguard.role.Target;
import io.noderoleguard.settings.Settings;
import io.noderoleguard.trail.RecordedCall;
import io.noderoleguard.trail.Subject;
import java.util.List;
import java.util.Optional;

/** Which of the guarded roles a recorded call may have changed. */
sealed interface Concern {

  /** All of them, those of patterns included. */
  record All() implements Concern {}

  /** Some of them, or none. */
  record Some(List<Target> targets) implements Concern {
    public Some {
      targets = List.copyOf(targets);
    }
  }

  /** Whether it is about nothing that is guarded. */
  default boolean isEmpty() {
    return switch (this) {
      case All() -> false;
      case Some(var targets) -> targets.isEmpty();
    };
  }

  /** What a call may have changed, by the names in it; nothing is read for this. */
  static Concern of(RecordedCall call, Settings settings, Partition home) {
    if (!call.isEffective()) {
      return new Some(List.of());
    }
    Subject subject = call.subject();
    if (subject.roleName().isPresent()) {
      return new Some(settings.roles().target(subject.roleName().get()).stream().toList());
    }
    DesiredRole desired = settings.requirements().byPartition().apply(home);
    if (subject.instanceProfileName().isPresent()) {
      return desired.instanceProfile() == InstanceProfileUse.IGNORE
          ? new Some(List.of())
          : ofProfile(subject.instanceProfileName().get(), settings.roles());
    }
    return subject.policyArn().filter(arn -> isAskedFor(arn, desired)).isPresent()
        ? new All()
        : new Some(List.of());
  }

  /**
   * A profile has the name of its role by convention. Any other may have held each role that is
   * guarded by its name; a pattern's roles are left to the nightly check, since they would take a
   * reading of the whole account for each profile that someone else creates or deletes.
   */
  private static Concern ofProfile(String name, RoleSelection roles) {
    Optional<Target> namesake = roles.target(name);
    return new Some(
        namesake.isPresent()
            ? List.of(namesake.get())
            : roles.exact().stream().map(Target::named).toList());
  }

  private static boolean isAskedFor(String policyArn, DesiredRole desired) {
    return desired.permissionsBoundary().equals(Optional.of(policyArn))
        || desired.policies().stream().anyMatch(choice -> choice.arns().contains(policyArn));
  }
}
