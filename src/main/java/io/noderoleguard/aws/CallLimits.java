package io.noderoleguard.aws;

import java.time.Duration;

/**
 * How long calls to AWS may take, and how often one is tried. This is the one place where that is
 * stated: a call without a response ends after {@code call}, whatever else goes wrong. Only a call
 * that AWS refuses because there are too many is repeated for longer: {@link Pace}.
 *
 * @param connect how long to wait for a connection
 * @param attempt how long one attempt may take
 * @param call how long a call may take with all its attempts
 * @param attempts how often it is tried at most
 * @param pause the longest first pause between two attempts; each further one is up to twice as
 *     long
 * @param longestPause the longest pause
 */
public record CallLimits(
    Duration connect,
    Duration attempt,
    Duration call,
    int attempts,
    Duration pause,
    Duration longestPause) {

  /** Those of the function. A response usually takes a fraction of a second. */
  public static final CallLimits DEFAULT =
      new CallLimits(
          Duration.ofSeconds(2),
          Duration.ofSeconds(4),
          Duration.ofSeconds(15),
          4,
          Duration.ofMillis(100),
          Duration.ofSeconds(5));
}
