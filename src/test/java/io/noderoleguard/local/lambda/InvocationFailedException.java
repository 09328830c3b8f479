package io.noderoleguard.local.lambda;

/**
 * The function gave no answer at all: its start failed, its JVM ended, or its time was up.
 * Something that the function throws is an answer, and part of {@link Invocation}.
 */
public final class InvocationFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvocationFailedException(String message) {
    super(message);
  }
}
