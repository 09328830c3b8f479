package io.noderoleguard.local.lambda;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What the function's JVMs wrote, as CloudWatch would show it. */
final class FunctionLog {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition written = lock.newCondition();
  private final StringBuilder text = new StringBuilder();

  /** Follows a JVM's output until it ends. */
  Thread follow(Process process) {
    return Thread.ofVirtual().name("log of " + process.pid()).start(() -> copyFrom(process));
  }

  private void copyFrom(Process process) {
    char[] buffer = new char[8192];
    try (Reader output = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
      for (int length = output.read(buffer); length >= 0; length = output.read(buffer)) {
        append(new String(buffer, 0, length));
      }
    } catch (IOException e) {
      // The stream of a JVM that was killed ends like this.
      append("");
    }
  }

  private void append(String output) {
    lock.lock();
    try {
      text.append(output);
      written.signalAll();
    } finally {
      lock.unlock();
    }
  }

  String text() {
    lock.lock();
    try {
      return text.toString();
    } finally {
      lock.unlock();
    }
  }

  /** The end of it, for an exception's message. */
  String tail() {
    String all = text();
    return all.substring(Math.max(0, all.length() - 4000)).strip();
  }

  String await(String expected, Duration limit) throws InterruptedException, TimeoutException {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (text.indexOf(expected) < 0) {
        if (left <= 0) {
          throw new TimeoutException(
              "no '%s' in the function's log within %s:%n%s".formatted(expected, limit, text));
        }
        left = written.awaitNanos(left);
      }
      return text.toString();
    } finally {
      lock.unlock();
    }
  }
}
