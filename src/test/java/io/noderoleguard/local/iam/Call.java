package io.noderoleguard.local.iam;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A call as it arrived.
 *
 * @param action the operation, such as {@code GetRole}
 * @param parameters the other form fields, under the names of the Query protocol, such as {@code
 *     Tags.member.1.Key}
 */
public record Call(String action, Map<String, String> parameters) {

  public Call {
    parameters = Map.copyOf(parameters);
  }

  /** Whether it may change something: all that neither gets nor lists nor simulates. */
  boolean isWrite() {
    return Stream.of("Get", "List", "Simulate").noneMatch(action::startsWith);
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /** The members of a list, in order, whatever they are: {@code TagKeys} or {@code Tags.*.Key}. */
  Stream<String> members(String list, String member) {
    return IntStream.iterate(1, number -> number + 1)
        .mapToObj(number -> parameter(list + ".member." + number + member))
        .takeWhile(Optional::isPresent)
        .flatMap(Optional::stream);
  }

  /** In the order of the names, so that a failed assertion reads well. */
  @Override
  public String toString() {
    return action + new TreeMap<>(parameters);
  }
}
