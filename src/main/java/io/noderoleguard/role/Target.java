package io.noderoleguard.role;

/**
 * A role to check.
 *
 * @param mayCreate whether to create the role if it does not exist: so for a role that is guarded
 *     by its name, and not for one that only a pattern matches
 */
public record Target(String name, boolean mayCreate) {

  /** A role that is guarded by its name. */
  public static Target named(String name) {
    return new Target(name, true);
  }

  /** A role that only a pattern matches. */
  static Target matched(String name) {
    return new Target(name, false);
  }
}
