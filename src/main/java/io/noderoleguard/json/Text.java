package io.noderoleguard.json;

/** Texts that have to be short. */
public final class Text {

  private Text() {}

  /**
   * A text of at most {@code maxLength} characters: one that is longer ends with "…". No character
   * is split.
   */
  public static String cut(String text, int maxLength) {
    return text.length() <= maxLength ? text : head(text, maxLength - 1) + "…";
  }

  /**
   * A text without quotation marks, backslashes and control characters: EventBridge puts it into a
   * notification <a
   * href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html">without
   * escaping</a>.
   */
  public static String plain(String text) {
    return text.replace('"', '\'').replaceAll("[\\\\\\p{Cntrl}]+", " ").strip();
  }

  /**
   * A stranger's text on one line: {@linkplain #plain plain} ASCII without anything that a terminal
   * or a reader of logs takes for more than a character, at most {@code maxLength} long.
   */
  public static String printable(String text, int maxLength) {
    String shortened = text.length() <= maxLength ? text : head(text, maxLength - 3) + "...";
    return plain(shortened.replaceAll("[^ -~]+", " "));
  }

  /** The first {@code length} characters; one less where that would split the last one. */
  public static String head(String text, int length) {
    boolean splits = length > 0 && Character.isHighSurrogate(text.charAt(length - 1));
    return text.substring(0, splits ? length - 1 : length);
  }
}
