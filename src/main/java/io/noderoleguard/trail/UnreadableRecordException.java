package io.noderoleguard.trail;

/** A record of CloudTrail cannot be read. */
public final class UnreadableRecordException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  UnreadableRecordException(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** Why, as a clause that quotes nothing of the record. */
  public String reason() {
    return reason;
  }
}
