package io.noderoleguard.policy;

/** A text is not a policy document with a certain meaning. The reason says why. */
public final class MalformedPolicyException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;
  private final int statement;

  MalformedPolicyException(String reason) {
    this(reason, 0);
  }

  /**
   * @param statement which statement is wrong, counted from 1; 0 when it is none of them
   */
  private MalformedPolicyException(String reason, int statement) {
    super(reason);
    this.reason = reason;
    this.statement = statement;
  }

  /** The same, of a statement. */
  MalformedPolicyException in(int number) {
    return new MalformedPolicyException(reason, number);
  }

  /** What is wrong, as a clause that follows "… cannot be read: ". */
  public String reason() {
    return reason;
  }

  /** What is wrong and where, as a clause: "a Statement has … (statement 2)". */
  public String reasonAndPlace() {
    return statement == 0 ? reason : "%s (statement %d)".formatted(reason, statement);
  }
}
