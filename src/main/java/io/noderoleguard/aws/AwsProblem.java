package io.noderoleguard.aws;

/**
 * Why a call to AWS failed.
 *
 * @param kind what the guard distinguishes
 * @param action the action as a policy names it: {@code iam:AttachRolePolicy}
 * @param subject what the call was about: "role NodeInstanceRole"
 * @param cause AWS's error code and message, or what became of the call
 * @param mayHaveSucceeded whether an attempt got no response that says that it was refused: AWS may
 *     have done what was asked
 */
public record AwsProblem(
    Kind kind, String action, String subject, String cause, boolean mayHaveSucceeded) {

  /** What the guard distinguishes, by error code; the message is for people. */
  public enum Kind {
    /** What was named does not exist, or cannot be seen yet. */
    NOT_FOUND,
    /** Someone else created it first. */
    ALREADY_EXISTS,
    /** The function lacks a permission, or a boundary or service control policy forbids it. */
    DENIED,
    /** AWS asked for fewer calls until the time was up, or the pace left no time for this one. */
    THROTTLED,
    /** Someone else is changing the same thing. */
    CONFLICT,
    /** A quota would be exceeded. */
    LIMIT,
    /** AWS protects it: a service-linked role, for one. */
    UNMODIFIABLE,
    /** AWS does not accept what was sent. */
    INVALID,
    /** No response, a response that cannot be used, or a fault on AWS's side. */
    UNAVAILABLE
  }

  /** The problem in a sentence. */
  public String message() {
    return "%s for %s failed: %s".formatted(action, subject, cause);
  }
}
