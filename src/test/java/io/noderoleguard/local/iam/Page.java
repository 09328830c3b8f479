package io.noderoleguard.local.iam;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a list that is sorted by key. What comes and goes between two pages neither repeats
 * nor hides another item.
 *
 * @param marker where the next page begins, if there is one
 */
record Page<T>(List<T> items, Optional<String> marker) {

  private static final int DEFAULT_SIZE = 100;

  /** Cuts the page out that {@code MaxItems} and {@code Marker} of the call ask for. */
  static <T> Page<T> of(List<T> sorted, Function<T, String> key, Call call) {
    int size = call.parameter("MaxItems").map(Page::maxItems).orElse(DEFAULT_SIZE);
    int from = call.parameter("Marker").map(marker -> after(marker, sorted, key)).orElse(0);
    int to = Math.min(from + size, sorted.size());
    return new Page<>(
        sorted.subList(from, to),
        to < sorted.size() ? Optional.of(marker(key.apply(sorted.get(to - 1)))) : Optional.empty());
  }

  /**
   * Cuts a page out of a list that the call itself brought, so that a place in it is all that a
   * marker has to tell.
   */
  static <T> Page<T> byPlace(List<T> items, Call call) {
    int size = call.parameter("MaxItems").map(Page::maxItems).orElse(DEFAULT_SIZE);
    int from = Math.min(call.parameter("Marker").map(Page::place).orElse(0), items.size());
    int to = Math.min(from + size, items.size());
    return new Page<>(
        items.subList(from, to),
        to < items.size() ? Optional.of(marker(String.valueOf(to))) : Optional.empty());
  }

  private static int place(String marker) {
    try {
      return Integer.parseUnsignedInt(
          new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw IamError.invalidInput("Invalid marker for pagination.").exception();
    }
  }

  private static int maxItems(String text) {
    int size;
    try {
      size = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IamError("MalformedInput", 400, "MaxItems is not a number").exception();
    }
    new Constraints().range("maxItems", size, 1, 1000).check();
    return size;
  }

  private static String marker(String key) {
    return Base64.getUrlEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static <T> int after(String marker, List<T> sorted, Function<T, String> key) {
    String last;
    try {
      last = new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw IamError.validationError("Invalid Marker.").exception();
    }
    int index = 0;
    while (index < sorted.size() && key.apply(sorted.get(index)).compareTo(last) <= 0) {
      index++;
    }
    return index;
  }
}
