package io.noderoleguard.local.iam;

/**
 * An error as IAM answers it.
 *
 * @param code IAM's own word for it, which the SDK turns into an exception type
 * @param status the HTTP status that comes with it
 */
public record IamError(String code, int status, String message) {

  public static IamError noSuchEntity(String message) {
    return new IamError("NoSuchEntity", 404, message);
  }

  public static IamError noSuchRole(String roleName) {
    return noSuchEntity("The role with name " + roleName + " cannot be found.");
  }

  static IamError entityAlreadyExists(String message) {
    return new IamError("EntityAlreadyExists", 409, message);
  }

  static IamError deleteConflict(String message) {
    return new IamError("DeleteConflict", 409, "Cannot delete entity, " + message);
  }

  /** A quota is used up; the code says nothing of which, so the message names it. */
  public static IamError limitExceeded(String quota, int limit) {
    return new IamError("LimitExceeded", 409, "Cannot exceed quota for " + quota + ": " + limit);
  }

  public static IamError malformedPolicyDocument(String message) {
    return new IamError("MalformedPolicyDocument", 400, message);
  }

  static IamError validationError(String message) {
    return new IamError("ValidationError", 400, message);
  }

  static IamError invalidInput(String message) {
    return new IamError("InvalidInput", 400, message);
  }

  public static IamError unmodifiableEntity(String roleName) {
    return new IamError(
        "UnmodifiableEntity",
        400,
        "Cannot perform the operation on the protected role '"
            + roleName
            + "' - this role is only modifiable by AWS");
  }

  public static IamError throttling() {
    return new IamError("Throttling", 400, "Rate exceeded");
  }

  public static IamError serviceFailure() {
    return new IamError(
        "ServiceFailure", 500, "The request processing has failed because of an unknown error.");
  }

  public static IamError serviceUnavailable() {
    return new IamError("ServiceUnavailable", 503, "Service Unavailable");
  }

  public static IamError concurrentModification() {
    return new IamError(
        "ConcurrentModification",
        409,
        "Request failed because service is already processing another modification of this"
            + " entity. Please wait and try again.");
  }

  /** Whose fault it is, in the words of the Query protocol. */
  String type() {
    return status < 500 ? "Sender" : "Receiver";
  }

  IamException exception() {
    return new IamException(this);
  }

  /** Thrown where IAM refuses a call; nothing has changed then. */
  static final class IamException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient IamError error;

    private IamException(IamError error) {
      super(error.code() + ": " + error.message());
      this.error = error;
    }

    IamError error() {
      return error;
    }
  }
}
