package io.noderoleguard.cloudformation;

/**
 * A request that cannot be answered, or must not be: nobody may make the function call an address
 * that is not CloudFormation's.
 */
public final class UnanswerableRequestException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  UnanswerableRequestException(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** What is wrong with the request, as a clause. */
  public String reason() {
    return reason;
  }
}
