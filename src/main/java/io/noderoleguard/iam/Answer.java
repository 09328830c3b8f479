package io.noderoleguard.iam;

import java.util.function.Function;

/** What came of one or more calls to IAM. */
sealed interface Answer<T> {

  /** IAM's answer. */
  record Given<T>(T value) implements Answer<T> {}

  /** There is none. */
  record Failed<T>(IamProblem problem) implements Answer<T> {}

  /** Goes on with the answer, if there is one. */
  default <R> Answer<R> then(Function<T, Answer<R>> next) {
    return switch (this) {
      case Given<T>(var value) -> next.apply(value);
      case Failed<T>(var problem) -> new Failed<>(problem);
    };
  }
}
