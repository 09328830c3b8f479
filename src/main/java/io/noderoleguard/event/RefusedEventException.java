package io.noderoleguard.event;

import io.noderoleguard.json.Text;

/**
 * The function does not serve an event. The message says what was received and what is accepted.
 */
public final class RefusedEventException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RefusedEventException(String received) {
    super(
        Text.plain(
            ("Refused: %s. Accepted are a scheduled event of EventBridge (detail-type: Scheduled"
                    + " Event, source: aws.events or aws.scheduler), a change that CloudTrail saw"
                    + " (source: aws.iam), alone or in messages of SQS, a request of"
                    + " CloudFormation for a custom resource (RequestType), and an object with no"
                    + " members but the optional mode (Repair or Audit) and roleName.")
                .formatted(received)));
  }
}
