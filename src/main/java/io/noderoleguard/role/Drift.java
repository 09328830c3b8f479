package io.noderoleguard.role;

import java.util.List;

/** Compares a role with its desired state. */
public final class Drift {

  /** In the order in which they are repaired: what a change depends on is changed before it. */
  private static final List<Aspect> ASPECTS =
      List.of(
          new KnownPartition(),
          new Existence(),
          new Path(),
          new Trust(),
          new Boundary(),
          new Policies(),
          new ExtraPolicies(),
          new Profiles(),
          new Tags(),
          new Permissions());

  private Drift() {}

  /**
   * All that differs, in the order in which it is repaired; empty when the role is compliant. What
   * the role has beyond the desired state (tags, further instance profiles and, unless the owner
   * asks for it, policies) does not differ. Of a role that is not the guard's, only the reason for
   * that.
   */
  public static List<Finding> between(Target target, DesiredRole desired, RoleState actual) {
    List<Finding> findings =
        ASPECTS.stream().flatMap(aspect -> aspect.differences(target, desired, actual)).toList();
    List<Finding> decisive = findings.stream().filter(Finding::isDecisive).toList();
    return decisive.isEmpty() ? findings : decisive;
  }

  /** What is worth knowing about a role although it does not differ. */
  static List<Note> notesOn(DesiredRole desired, RoleState actual) {
    return ASPECTS.stream().flatMap(aspect -> aspect.notes(desired, actual)).toList();
  }
}
