package io.noderoleguard.local;

import io.noderoleguard.local.LocalRunOptions.Target;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Says in one line what went wrong, and what to do about it. */
final class Failure {

  private Failure() {}

  static String explain(Exception failure, Target target) {
    String where =
        switch (target) {
          case Target.Embedded() -> "the embedded IAM";
          case Target.Endpoint(var url) -> url.toString();
          case Target.RealAccount() -> "AWS";
        };
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof SdkClientException && message.contains("Unable to load credentials")) {
      return "no AWS credentials were found. Sign in as for the AWS CLI (aws login, aws sso login"
          + " or aws configure), and name a profile in AWS_PROFILE if it is not the default one.";
    }
    return switch (rootCause(failure)) {
      case UnknownHostException unknown ->
          "%s cannot be reached: no host is named %s.".formatted(where, unknown.getMessage());
      case ConnectException refused ->
          "%s cannot be reached: %s.".formatted(where, refused.getMessage());
      case InterruptedIOException late -> "%s does not respond.".formatted(where);
      case SocketException broken ->
          "the connection to %s broke: %s.".formatted(where, broken.getMessage());
      default -> message;
    };
  }

  private static Throwable rootCause(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause == null ? thrown : rootCause(cause);
  }
}
