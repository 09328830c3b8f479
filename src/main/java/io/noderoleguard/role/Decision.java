package io.noderoleguard.role;

import java.util.List;

/**
 * Whether a role may do an action on every resource, as IAM itself simulates it.
 *
 * @param action {@code service:Action}
 * @param policies the names of the policies whose statements decide
 * @param missingContext the keys of conditions in the role's policies that the simulation had no
 *     value for
 */
public record Decision(
    String action, Verdict verdict, List<String> policies, List<String> missingContext) {

  public Decision {
    policies = List.copyOf(policies);
    missingContext = List.copyOf(missingContext);
  }

  /** Whether the action is allowed, or else what decides that it is not. */
  public enum Verdict {
    ALLOWED("Allowed", "allowed"),
    EXPLICIT_DENY("ExplicitDeny", "an explicit deny is in the way"),
    BOUNDARY("PermissionsBoundary", "the permissions boundary is in the way"),
    ORGANIZATION("Organization", "a policy of the organization is in the way"),
    NOT_GRANTED("NotGranted", "no policy of the role allows it");

    private final String label;
    private final String words;

    Verdict(String label, String words) {
      this.label = label;
      this.words = words;
    }

    /** The verdict for a program. */
    public String label() {
      return label;
    }

    /** The verdict as a clause for a person. */
    String words() {
      return words;
    }
  }

  /** Whether the role may do it. */
  public boolean isAllowed() {
    return verdict == Verdict.ALLOWED;
  }

  /** Whether a value that the simulation did not have might change it. */
  public boolean isUncertain() {
    return !missingContext.isEmpty();
  }

  /** The same decision, which depends on further keys. */
  public Decision dependingOn(List<String> keys) {
    return new Decision(action, verdict, policies, keys);
  }
}
