package io.noderoleguard.local.iam;

/** Thrown where IAM refuses a call; nothing has changed then. */
public final class IamException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient IamError error;

  IamException(IamError error) {
    super(error.code() + ": " + error.message());
    this.error = error;
  }

  public IamError error() {
    return error;
  }
}
