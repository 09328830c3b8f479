package io.noderoleguard.lambda;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Puts an answer where CloudFormation waits for it.
 *
 * <p>With {@link HttpURLConnection}, whose classes the IAM client has loaded already. It sends no
 * Content-Type with a PUT, which the signature of the URL would not allow.
 */
final class ResponseSender {

  /** How long one attempt may take to connect, and then to be answered. */
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);

  private static final int MAX_ATTEMPTS = 6;
  private static final long FIRST_PAUSE_MILLIS = 100;

  /** The answer was not accepted. The message never holds the URL. */
  static final class NotDeliveredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotDeliveredException(String message) {
      super(message);
    }
  }

  /**
   * Sends the answer until it is accepted once. What may pass (a status of 500 or more, a broken
   * connection, no answer) is tried again after a pause that grows and is jittered.
   *
   * @param within how long all of it may take
   * @throws NotDeliveredException when it is not accepted
   */
  void send(ResponseUrl url, byte[] body, Duration within) {
    long end = System.nanoTime() + within.toNanos();
    for (int attempt = 1; ; attempt++) {
      String failure;
      boolean mayPass = true;
      try {
        int status = put(url, body, end);
        if (status >= 200 && status < 300) {
          return;
        }
        failure = "HTTP status " + status;
        mayPass = status >= 500;
      } catch (IOException broken) {
        // Without its message, which may hold the URL.
        failure = broken.getClass().getSimpleName();
      }
      long pause = pauseMillis(attempt);
      if (!mayPass || attempt == MAX_ATTEMPTS || leftMillis(end) <= pause || !sleep(pause)) {
        throw new NotDeliveredException(
            "CloudFormation's response URL did not accept the answer: %s in attempt %d"
                .formatted(failure, attempt));
      }
    }
  }

  private static int put(ResponseUrl url, byte[] body, long end) throws IOException {
    int timeout = (int) Math.clamp(leftMillis(end), 1, ATTEMPT_TIMEOUT.toMillis());
    HttpURLConnection connection = (HttpURLConnection) url.secret().toURL().openConnection();
    try {
      connection.setRequestMethod("PUT");
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout(timeout);
      connection.setReadTimeout(timeout);
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(body.length);
      try (var output = connection.getOutputStream()) {
        output.write(body);
      }
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  private static long leftMillis(long end) {
    return Math.max(0, (end - System.nanoTime()) / 1_000_000);
  }

  private static long pauseMillis(int attempt) {
    long longest = FIRST_PAUSE_MILLIS << attempt;
    return ThreadLocalRandom.current().nextLong(longest / 2, longest);
  }

  private static boolean sleep(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
