package io.noderoleguard.guard;

import static io.noderoleguard.guard.GuardRig.NAME;

import io.noderoleguard.aws.CallLimits;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.IamError;
import java.time.Duration;
import java.util.List;

/**
 * Something that can go wrong with a call to IAM.
 *
 * @param cause what is to be told of it
 */
record Trouble(String name, Kind kind, Fault fault, String cause) {

  /** Whether a fault that passes is ridden out. */
  enum Kind {
    /** It is: the call is made again. */
    PASSES,
    /** It is not: IAM means what it says. It is told, and the next run is another chance. */
    TOLD,
    /** It is no fault at all, if the client waits long enough. */
    HARMLESS
  }

  /** The function's own, but for the pauses: nobody's machine is too slow for them. */
  private static final CallLimits LIMITS =
      limits(CallLimits.DEFAULT.attempt(), CallLimits.DEFAULT.call());

  /** Where time-outs themselves are tried, and the test has to wait for them. */
  private static final CallLimits SHORT_LIMITS =
      limits(Duration.ofMillis(1500), Duration.ofMillis(5500));

  private static CallLimits limits(Duration attempt, Duration call) {
    return new CallLimits(
        CallLimits.DEFAULT.connect(),
        attempt,
        call,
        CallLimits.DEFAULT.attempts(),
        Duration.ofMillis(5),
        Duration.ofMillis(50));
  }

  static final Patience PATIENCE =
      new Patience(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofMillis(500));

  /** What takes longer than a call waits, where time-outs themselves are tried. */
  static final Fault TOO_SLOW = Fault.slow(SHORT_LIMITS.attempt().plusMillis(300));

  static CallLimits limits(boolean timesOut) {
    return timesOut ? SHORT_LIMITS : LIMITS;
  }

  private static Trouble refused(Kind kind, IamError error) {
    return new Trouble(error.code(), kind, Fault.refused(error), error.code());
  }

  static List<Trouble> all() {
    return List.of(
        refused(Kind.PASSES, IamError.throttling()),
        refused(Kind.PASSES, IamError.serviceFailure()),
        refused(Kind.PASSES, IamError.serviceUnavailable()),
        refused(Kind.PASSES, IamError.concurrentModification()),
        new Trouble("connection reset", Kind.PASSES, new Fault.ConnectionReset(), "Exception"),
        new Trouble("answer lost", Kind.PASSES, Fault.answerLost(), "Exception"),
        new Trouble(
            "503 after the call was carried out",
            Kind.PASSES,
            new Fault.AfterwardsInstead(Fault.refused(IamError.serviceUnavailable())),
            "ServiceUnavailable"),
        new Trouble("no answer", Kind.PASSES, new Fault.NoAnswer(), "no response in time"),
        new Trouble("too slow", Kind.PASSES, TOO_SLOW, "no response in time"),
        new Trouble("slow", Kind.HARMLESS, Fault.slow(Duration.ofMillis(50)), ""),
        new Trouble("truncated XML", Kind.PASSES, new Fault.TruncatedXml(), "XMLStreamException"),
        new Trouble("an HTML page", Kind.PASSES, new Fault.HtmlPage(), "no element RequestId"),
        new Trouble(
            "an empty answer", Kind.PASSES, new Fault.EmptyAnswer(), "no element RequestId"),
        new Trouble("AccessDenied", Kind.TOLD, new Fault.Denied(), "is not authorized to perform"),
        refused(Kind.TOLD, IamError.limitExceeded("SomethingPerRole", 10)),
        refused(Kind.TOLD, IamError.unmodifiableEntity(NAME)),
        refused(Kind.TOLD, IamError.malformedPolicyDocument("This policy contains invalid Json")),
        refused(Kind.TOLD, IamError.noSuchEntity("It cannot be found.")));
  }

  /** How often the fault occurs, if it passes: throttling may last. */
  int occurrences() {
    return isThrottling() ? 10 : 2;
  }

  /** Its calls are repeated until the time is up, and so a run has little of it. */
  boolean isThrottling() {
    return isError("Throttling");
  }

  /** How long a run may take. */
  Duration time(boolean lasting) {
    return isThrottling() && lasting ? Duration.ofSeconds(8) : Duration.ofSeconds(60);
  }

  boolean isError(String code) {
    return cause.equals(code);
  }

  /** An error that is cut short has lost its code, and is no XML. */
  List<String> causes() {
    if (isThrottling()) {
      return List.of("AWS asked for fewer calls until the time was up (Throttling: Rate exceeded)");
    }
    return fault instanceof Fault.TruncatedXml
        ? List.of(cause, "without an error code")
        : List.of(cause);
  }

  CallLimits limits() {
    return limits(isError("no response in time"));
  }

  @Override
  public String toString() {
    return name;
  }
}
