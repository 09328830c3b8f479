package io.noderoleguard.role;

/** Whether the guard sees to it that an instance profile holds a role. */
public enum InstanceProfileUse implements Label {
  /** At least one has to; else one of the role's name is made. */
  ENSURE("Ensure"),
  /** Others make it, or none is needed: Karpenter, Auto Mode, Fargate, hybrid nodes. */
  IGNORE("Ignore");

  private final String label;

  InstanceProfileUse(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
