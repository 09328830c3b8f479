package io.noderoleguard.role;

import java.util.stream.Stream;

/**
 * One aspect of a role: its trust policy, its managed policies, its path. The file of an aspect
 * holds all that is particular to it: what differs (its findings, with their words), how that is
 * found, and which changes repair it.
 */
interface Aspect {

  /** Compares this aspect of a role with its desired state; empty when nothing differs. */
  Stream<Finding> differences(Target target, DesiredRole desired, RoleState actual);

  /** What is worth knowing although it does not differ; most aspects have nothing. */
  default Stream<Note> notes(DesiredRole desired, RoleState actual) {
    return Stream.empty();
  }
}
