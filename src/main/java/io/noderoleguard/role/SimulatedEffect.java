package io.noderoleguard.role;

import java.util.List;

/** What is known of what a role's policies add up to. */
public sealed interface SimulatedEffect {

  /** The owner did not ask for it. */
  SimulatedEffect NOT_ASKED = new NotAsked();

  /** The role was read out of the account's list. */
  SimulatedEffect NOT_SIMULATED = new NotSimulated();

  record NotAsked() implements SimulatedEffect {}

  record NotSimulated() implements SimulatedEffect {}

  /**
   * IAM was asked and did not say.
   *
   * @param reason why, in a sentence
   */
  record Unknown(String reason) implements SimulatedEffect {}

  /** What IAM says of each action that was asked for. */
  record Known(List<Decision> decisions) implements SimulatedEffect {
    public Known {
      decisions = List.copyOf(decisions);
    }
  }
}
