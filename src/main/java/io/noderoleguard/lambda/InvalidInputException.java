package io.noderoleguard.lambda;

import java.util.List;

/** Settings or properties are wrong. The message tells all that is wrong, each by its name. */
final class InvalidInputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidInputException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
