package io.noderoleguard.json;

/**
 * A text is not JSON that can be used. The reason says where and why, and quotes nothing of the
 * text but the name of a member: an event carries a signed URL.
 */
public final class MalformedJsonException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  MalformedJsonException(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** What is wrong, as a clause that follows "… cannot be read: ". */
  public String reason() {
    return reason;
  }
}
