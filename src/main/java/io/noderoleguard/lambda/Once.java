package io.noderoleguard.lambda;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes something when it is first asked for, and keeps it. What could not be made is tried again.
 */
final class Once<T> implements Supplier<T> {

  private final Supplier<T> maker;
  private @Nullable T made;

  Once(Supplier<T> maker) {
    this.maker = maker;
  }

  @Override
  public synchronized T get() {
    T value = made;
    if (value == null) {
      value = maker.get();
      made = value;
    }
    return value;
  }
}
