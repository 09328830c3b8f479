package io.noderoleguard.role;

import java.util.List;
import java.util.stream.Stream;

/** The kinds of what is sealed, without those that are only a name for several. */
public final class Kinds {

  private Kinds() {}

  /** The records, of all levels. */
  public static List<Class<?>> of(Class<?> sealed) {
    return Stream.of(sealed.getPermittedSubclasses())
        .<Class<?>>flatMap(kind -> kind.isSealed() ? of(kind).stream() : Stream.of(kind))
        .toList();
  }
}
