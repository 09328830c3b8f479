package io.noderoleguard.report;

import java.util.Arrays;
import java.util.Optional;

/** Whether the guard may change a role. */
public enum Mode {
  /** Change what differs. */
  REPAIR("Repair"),
  /** Change nothing. */
  AUDIT("Audit");

  private final String label;

  Mode(String label) {
    this.label = label;
  }

  /** The name by which users know it: {@code Repair}, {@code Audit}. */
  public String label() {
    return label;
  }

  /** The mode of exactly that name; empty when there is none. */
  public static Optional<Mode> parse(String label) {
    return Arrays.stream(values()).filter(mode -> mode.label.equals(label)).findFirst();
  }

  /** Says that a text is no mode, and which are, as a clause. */
  public static String problemWith(String text) {
    return "\"%s\" is not a mode: Repair and Audit are accepted".formatted(text);
  }
}
