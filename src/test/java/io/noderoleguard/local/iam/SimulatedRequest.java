package io.noderoleguard.local.iam;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One request whose permission is asked for.
 *
 * @param resource an ARN, or {@code *} for all resources
 * @param context what is known of the request, by context key
 */
record SimulatedRequest(String action, String resource, Map<String, ContextValue> context) {

  /** Values of a context key; a key of several values is told apart even when it has only one. */
  record ContextValue(List<String> values, boolean isList) {
    ContextValue {
      values = List.copyOf(values);
    }
  }

  SimulatedRequest {
    Map<String, ContextValue> inAnyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    inAnyCase.putAll(context);
    context = Collections.unmodifiableMap(inAnyCase);
  }

  Optional<ContextValue> value(String key) {
    return Optional.ofNullable(context.get(key));
  }

  /** The value to write in place of a policy variable; a key of several values has none. */
  Optional<String> variable(String key) {
    return value(key).filter(value -> !value.isList()).map(value -> value.values().getFirst());
  }
}
