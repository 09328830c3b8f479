package io.noderoleguard.aws;

import java.util.function.Function;

/** The result of one or more calls to AWS: a value, or the problem because of which none exists. */
public sealed interface Result<T> {

  /** It worked. */
  record Ok<T>(T value) implements Result<T> {}

  /** It did not work. */
  record Failed<T>(AwsProblem problem) implements Result<T> {}

  /** Goes on with the value, if there is one. */
  default <R> Result<R> then(Function<? super T, Result<R>> next) {
    return switch (this) {
      case Ok<T>(var value) -> next.apply(value);
      case Failed<T>(var problem) -> new Failed<>(problem);
    };
  }

  /** Turns the value, if there is one, into another. */
  default <R> Result<R> map(Function<? super T, R> function) {
    return then(value -> new Ok<>(function.apply(value)));
  }
}
