package io.noderoleguard.cloudformation;

import io.noderoleguard.guard.Budget;
import io.noderoleguard.guard.OutOfTimeException;
import io.noderoleguard.guard.Patience;
import io.noderoleguard.guard.TimedWork;
import java.io.IOException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Puts a response where CloudFormation waits for it.
 *
 * <p>With {@link HttpURLConnection}, whose classes the IAM client has loaded already. It sends no
 * Content-Type with a PUT, which the signature of the URL would not allow.
 *
 * @param attemptTimeout how long one attempt may take, all in all
 * @param patience the pauses between attempts
 */
public record ResponseSender(Duration attemptTimeout, Patience patience) {

  /** At most six attempts: after five pauses the patience ends. */
  public static final ResponseSender DEFAULT =
      new ResponseSender(
          Duration.ofSeconds(5),
          new Patience(Duration.ofMillis(200), Duration.ofMillis(3_200), Duration.ofMillis(6_200)));

  // The JDK logs each request line, and so the signed URL, at FINE. Held here, since a logger that
  // nobody holds forgets its level.
  private static final Logger REQUEST_LINES =
      Logger.getLogger("sun.net.www.protocol.http.HttpURLConnection");

  /** The response was not accepted. The message never holds the URL. */
  static final class NotDeliveredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotDeliveredException(String message) {
      super(message);
    }
  }

  /**
   * @param mayPass whether another attempt may end better
   */
  private record Failure(String what, boolean mayPass) {}

  /**
   * Sends the response until it is accepted once. What may pass (a status of 500 or more, a broken
   * connection, no HTTP response) is tried again after a pause that grows and is jittered.
   *
   * @param within how long all of it may take
   * @throws NotDeliveredException when it is not accepted
   */
  void send(ResponseUrl url, byte[] body, Duration within) {
    Budget budget = Budget.of(within);
    Patience.Wait wait = patience.within(budget);
    for (int attempt = 1; ; attempt++) {
      Optional<Failure> failure = attempt(url.secret(), body, budget);
      if (failure.isEmpty()) {
        return;
      }
      if (!failure.get().mayPass() || !wait.pause()) {
        throw new NotDeliveredException(
            "CloudFormation's response URL did not accept the response: %s in attempt %d"
                .formatted(failure.get().what(), attempt));
      }
    }
  }

  /** On a thread that can be given up: no time-out of the JDK's bounds a connection as a whole. */
  private Optional<Failure> attempt(URI url, byte[] body, Budget budget) {
    Duration time = budget.left().compareTo(attemptTimeout) < 0 ? budget.left() : attemptTimeout;
    try {
      return TimedWork.call(Budget.of(time), () -> put(url, body));
    } catch (OutOfTimeException late) {
      return Optional.of(
          new Failure(
              "no HTTP response within %d.%03d s".formatted(time.toSeconds(), time.toMillisPart()),
              true));
    }
  }

  private Optional<Failure> put(URI url, byte[] body) {
    REQUEST_LINES.setLevel(Level.OFF);
    try {
      int status = status(url, body);
      return status >= 200 && status < 300
          ? Optional.empty()
          // The JDK's word for what is not HTTP is -1.
          : Optional.of(new Failure("HTTP status " + status, status >= 500 || status < 0));
    } catch (HttpRetryException notAgain) {
      int status = notAgain.responseCode();
      return Optional.of(new Failure("HTTP status " + status, false));
    } catch (IOException | RuntimeException broken) {
      // Without its message, which may hold the URL.
      return Optional.of(new Failure(broken.getClass().getSimpleName(), true));
    }
  }

  private int status(URI url, byte[] body) throws IOException {
    int timeout = Math.toIntExact(attemptTimeout.toMillis());
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
    try {
      connection.setRequestMethod("PUT");
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setConnectTimeout(timeout);
      connection.setReadTimeout(timeout);
      connection.setDoOutput(true);
      // Of a known length, so that the JDK never sends it again on its own.
      connection.setFixedLengthStreamingMode(body.length);
      try (var output = connection.getOutputStream()) {
        output.write(body);
      }
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }
}
