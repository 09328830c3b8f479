package io.noderoleguard.policy;

/** Texts with the wildcards {@code *} (any characters, or none) and {@code ?} (any character). */
public final class Wildcards {

  private Wildcards() {}

  /** Whether a pattern matches a text as a whole, in the same letter case. */
  public static boolean match(String pattern, String text) {
    // Character by character, without the backtracking of a regular expression: a thousand
    // asterisks are a pattern, too.
    int at = 0;
    int next = 0;
    int afterStar = -1;
    int retry = 0;
    while (at < text.length()) {
      char wanted = next < pattern.length() ? pattern.charAt(next) : '\0';
      if (wanted == '*') {
        afterStar = ++next;
        retry = at;
      } else if (wanted == '?' || wanted == text.charAt(at)) {
        next++;
        at++;
      } else if (afterStar >= 0) {
        next = afterStar;
        at = ++retry;
      } else {
        return false;
      }
    }
    return pattern.substring(next).chars().allMatch(rest -> rest == '*');
  }
}
