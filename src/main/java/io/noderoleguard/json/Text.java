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

  /** The first {@code length} characters; one less where that would split the last one. */
  public static String head(String text, int length) {
    boolean splits = length > 0 && Character.isHighSurrogate(text.charAt(length - 1));
    return text.substring(0, splits ? length - 1 : length);
  }
}
