package io.noderoleguard.policy;

import java.util.Set;

/**
 * What one element of a permission (the principal, the action or the resource) covers.
 *
 * @param <T> what is named: a {@link Principal}, or the text of an action or a resource
 */
public sealed interface Scope<T> {

  /** Just this one, which may hold wildcards. */
  record Only<T>(T value) implements Scope<T> {}

  /** Everything but these: {@code NotPrincipal}, {@code NotAction}, {@code NotResource}. */
  record AllBut<T>(Set<T> values) implements Scope<T> {
    public AllBut {
      values = Set.copyOf(values);
    }
  }

  /** The element is not there, as {@code Resource} in a trust policy. */
  record Unstated<T>() implements Scope<T> {}
}
