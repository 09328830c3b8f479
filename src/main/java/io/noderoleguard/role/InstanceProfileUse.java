package io.noderoleguard.role;

import java.util.Arrays;
import java.util.Optional;

/** Whether the guard sees to it that an instance profile holds a role. */
public enum InstanceProfileUse {
  /** At least one has to; else one of the role's name is made. */
  ENSURE("Ensure"),
  /** Others make it, or none is needed: Karpenter, Auto Mode, Fargate, hybrid nodes. */
  IGNORE("Ignore");

  private final String label;

  InstanceProfileUse(String label) {
    this.label = label;
  }

  /** The use of exactly that name; empty when there is none. */
  public static Optional<InstanceProfileUse> parse(String label) {
    return Arrays.stream(values()).filter(use -> use.label.equals(label)).findFirst();
  }

  /** Says that a text is none, and which are, as a clause. */
  public static String problemWith(String text) {
    return "\"%s\" is not accepted: Ensure and Ignore are".formatted(text);
  }
}
