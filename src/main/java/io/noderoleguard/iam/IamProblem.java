package io.noderoleguard.iam;

/**
 * Why a call to IAM did not do what it should.
 *
 * @param kind what the guard distinguishes
 * @param action the action as a policy names it: {@code iam:AttachRolePolicy}
 * @param subject what it was called for: "role NodeInstanceRole"
 * @param cause IAM's error code and message, or what became of the call
 */
public record IamProblem(Kind kind, String action, String subject, String cause) {

  /** What the guard distinguishes, by error code; the message is for people. */
  public enum Kind {
    /** What was named does not exist, or cannot be seen yet. */
    NOT_FOUND,
    /** Someone else has made it first. */
    ALREADY_EXISTS,
    /** The function lacks a permission, or a boundary or service control policy forbids it. */
    DENIED,
    /** IAM asks for fewer calls, and asked still after the SDK's own retries. */
    THROTTLED,
    /** Someone else is changing the same thing. */
    CONFLICT,
    /** A quota would be exceeded. */
    LIMIT,
    /** AWS protects it: a service-linked role, for one. */
    UNMODIFIABLE,
    /** IAM does not accept what was sent. */
    INVALID,
    /** No answer, an answer that cannot be used, or a fault of IAM's. */
    UNAVAILABLE
  }

  /** The problem in a sentence. */
  public String message() {
    return "%s for %s failed: %s".formatted(action, subject, cause);
  }
}
