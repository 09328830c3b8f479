package io.noderoleguard.policy;

/** A text is no policy document whose meaning can be told. The reason says why. */
public final class MalformedPolicyException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  MalformedPolicyException(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** What is wrong, as a clause that follows "… cannot be read: ". */
  public String reason() {
    return reason;
  }
}
