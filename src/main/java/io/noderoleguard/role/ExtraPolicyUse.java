package io.noderoleguard.role;

/** What becomes of policies that a role has beyond what is required and allowed. */
public enum ExtraPolicyUse implements Label {
  /** They are not looked at. */
  IGNORE("Ignore"),
  /** They are drift, and left alone. */
  REPORT("Report"),
  /** They are drift: managed ones are detached, inline ones deleted. */
  REMOVE("Remove");

  private final String label;

  ExtraPolicyUse(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
