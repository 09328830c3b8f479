package io.noderoleguard.eventbridge;

import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.aws.ServiceEndpoint;
import io.noderoleguard.role.Home;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * The account's default event bus. Nothing of it is made or loaded before an event is put on it for
 * the first time.
 */
public final class EventBus {

  private final Function<Home, Optional<PutEvents>> newCalls;
  private volatile Optional<PutEvents> calls = Optional.empty();

  private EventBus(Function<Home, Optional<PutEvents>> newCalls) {
    this.newCalls = newCalls;
  }

  /** That of the account that the SDK's default credentials belong to. */
  public static EventBus ofDefaultAccount() {
    return new EventBus(
        home ->
            home.region()
                .flatMap(
                    region ->
                        ServiceEndpoint.of(
                            "EventBridge",
                            "events",
                            home.partition().id(),
                            region,
                            ServiceEndpoint::ofProcess))
                .map(PutEvents::withDefaultCredentials));
  }

  /** That of another EventBridge than AWS's. */
  public static EventBus at(URI url) {
    return new EventBus(
        _ -> Optional.of(PutEvents.local(new ServiceEndpoint("events", "us-east-1", url))));
  }

  /**
   * Puts an event on the bus.
   *
   * @param home whose bus it is
   * @param left how long it may take
   * @return the event's ID; empty where no bus belongs to the IAM that is used; or why it is not on
   *     the bus for certain
   */
  public Result<Optional<String>> put(BusEvent event, Home home, Duration left) {
    return calls(home)
        .map(found -> found.put(event, left).map(Optional::of))
        .orElseGet(() -> new Ok<>(Optional.empty()));
  }

  private synchronized Optional<PutEvents> calls(Home home) {
    if (calls.isEmpty()) {
      calls = newCalls.apply(home);
    }
    return calls;
  }
}
