package io.noderoleguard.role;

/** Whether IAM is asked what a role's policies add up to. */
public enum EffectUse implements Label {
  /** For roles that are checked by their name. */
  VERIFY("Verify"),
  /** Only the policies' names count. */
  OFF("Off");

  private final String label;

  EffectUse(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
