package io.noderoleguard.cloudtrail;

import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.aws.ServiceEndpoint;
import io.noderoleguard.role.Partition;
import io.noderoleguard.trail.RecordedCall;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * CloudTrail's <a
 * href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html">event
 * history</a> of the account: what was called in the last 90 days, the last minutes excepted. Safe
 * for use by several threads.
 *
 * <p>Nothing of it is made or loaded before it is asked for the first time.
 */
public final class EventHistory {

  private final Function<Partition, Optional<LookupEvents>> newLookup;
  private volatile Optional<LookupEvents> lookup = Optional.empty();

  private EventHistory(Function<Partition, Optional<LookupEvents>> newLookup) {
    this.newLookup = newLookup;
  }

  /**
   * That of the account that the SDK's default credentials belong to.
   *
   * @param region the Region of IAM's events, if it is not the partition's usual one
   */
  public static EventHistory ofDefaultAccount(Optional<String> region) {
    return new EventHistory(
        partition ->
            TrailEndpoint.of(partition, region, ServiceEndpoint::ofProcess)
                .map(LookupEvents::withDefaultCredentials));
  }

  /** That of another CloudTrail than AWS's. */
  public static EventHistory at(URI url) {
    return new EventHistory(
        _ -> Optional.of(LookupEvents.local(new ServiceEndpoint("cloudtrail", "us-east-1", url))));
  }

  /**
   * The calls to IAM that name something of this name, the latest first: up to 50, and those of the
   * last day as far as there is time.
   *
   * @param name of a role, which is also that of its instance profile as a rule
   * @param home the partition of the account
   * @param left how long it may take
   * @return the calls, those that cannot be read left out; or why there are none
   */
  public Result<List<RecordedCall>> ofResource(String name, Partition home, Duration left) {
    return lookup(home)
        .map(found -> found.ofResource(name, left))
        .orElseGet(() -> new Ok<>(List.of()));
  }

  private synchronized Optional<LookupEvents> lookup(Partition home) {
    if (lookup.isEmpty()) {
      lookup = newLookup.apply(home);
    }
    return lookup;
  }
}
