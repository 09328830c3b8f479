package io.noderoleguard.settings;

import java.util.List;

/** Settings or properties are wrong. The message states all that is wrong, each by its name. */
public final class InvalidInputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidInputException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
