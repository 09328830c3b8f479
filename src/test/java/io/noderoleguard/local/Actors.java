package io.noderoleguard.local;

import io.noderoleguard.local.cloudtrail.Actor;
import io.noderoleguard.local.cloudtrail.EmbeddedTrail;

/** Who calls IAM in the local run, by the access key. */
final class Actors {

  /** Of whoever makes the role drift. */
  static final String PIPELINE_KEY = "pipeline";

  static final String PIPELINE_ARN = "arn:aws:sts::123456789012:assumed-role/ci/build-7";

  static final String GUARD_ROLE_ARN = "arn:aws:iam::123456789012:role/guard-role";

  private Actors() {}

  static void introduceTo(EmbeddedTrail trail) {
    trail.actor(
        PIPELINE_KEY,
        Actor.session("ci", "build-7", "APN/1.0 HashiCorp/1.0 Terraform/1.9.0", "203.0.113.10"));
    // The key that the function's credentials have
    trail.actor("local", Actor.session("guard-role", "guard", "aws-sdk-java/2", "192.0.2.1"));
  }
}
