package io.noderoleguard.guard;

import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.MDC;

/** Takes the fields that every log line has (the request's ID) along to another thread. */
public final class LogFields {

  private LogFields() {}

  /** The same work, to be done on another thread with the log fields of this one. */
  public static <T> Callable<T> carriedTo(Callable<T> work) {
    Map<String, String> fields = MDC.getCopyOfContextMap();
    return () -> {
      if (fields != null) {
        MDC.setContextMap(fields);
      }
      return work.call();
    };
  }
}
