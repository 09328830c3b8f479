package io.noderoleguard.report;

import io.noderoleguard.trail.RecordedCall;
import java.util.List;
import java.util.Optional;

/** What started a run. */
public sealed interface Cause {

  /** Names the type in reports; users' scripts rely on it. */
  default String type() {
    return getClass().getSimpleName();
  }

  /** It was time for the nightly check. */
  record Schedule() implements Cause {}

  /** A person or a pipeline asked. */
  record Asked() implements Cause {}

  /** CloudFormation asked, for a stack. */
  record Stack() implements Cause {}

  /**
   * CloudTrail saw changes.
   *
   * @param calls one or more, of the roles that are checked
   */
  record RoleChanged(List<RecordedCall> calls) implements Cause {
    public RoleChanged {
      calls = List.copyOf(calls);
    }

    /** The last change. */
    public Optional<RecordedCall> latest() {
      return calls.stream().max(RecordedCall.BY_TIME);
    }
  }
}
