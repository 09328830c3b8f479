package io.noderoleguard.lambda;

import io.noderoleguard.json.Text;
import io.noderoleguard.settings.InvalidInputException;
import java.util.List;
import java.util.Objects;

/**
 * The message of an error that leaves the function: {@linkplain Text#plain plain}, since a
 * notification takes it over without escaping, and short, since Lambda and EventBridge carry 256
 * KB.
 */
final class ErrorText {

  static final int MAX_LENGTH = 8_000;

  private static final String CUT_NOTE = "… (cut; the function's log has it whole)";

  private ErrorText() {}

  /** The same error if its message can leave the function, else one whose message can. */
  static RuntimeException of(Throwable thrown) {
    String message = Objects.toString(thrown.getMessage(), "");
    if (!message.isEmpty()
        && thrown instanceof RuntimeException exception
        && message.equals(clean(message))) {
      return exception;
    }
    return thrown instanceof InvalidInputException
        ? new InvalidInputException(List.of(clean(message)))
        : new ServingFailedException(clean("Unexpected: " + thrown), thrown);
  }

  private static String clean(String message) {
    String plain = Text.plain(message);
    return plain.length() <= MAX_LENGTH
        ? plain
        : Text.head(plain, MAX_LENGTH - CUT_NOTE.length()) + CUT_NOTE;
  }

  /** An error in words that can leave the function; its cause stays in the log. */
  private static final class ServingFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServingFailedException(String message, Throwable thrown) {
      super(message);
      setStackTrace(thrown.getStackTrace());
    }
  }
}
