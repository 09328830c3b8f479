package io.noderoleguard.aws;

import io.noderoleguard.aws.AwsProblem.Kind;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * One call to AWS, described so that a failure can name it.
 *
 * @param action the action as a policy names it
 * @param subject what the call is about
 */
public record AwsCall(String action, String subject) {

  /** Less than an attempt takes: the time-out of the last one may come a little early. */
  private static final Duration ABOUT_NOTHING = Duration.ofMillis(50);

  /**
   * Makes the call when the pace allows it, and again for as long as AWS asks for fewer calls and
   * time is left. Every way in which the SDK reports a failure becomes a problem.
   *
   * @param request makes the call with this configuration
   */
  public <T> Result<T> make(CallScope scope, Function<AwsRequestOverrideConfiguration, T> request) {
    boolean mayHaveSucceeded = false;
    String outOfTime = "its turn did not come before the time was up";
    try {
      for (int refusals = 1; ; refusals++) {
        Optional<Pace.Turn> turn = scope.pace().of(action).await(scope.left());
        if (turn.isEmpty()) {
          return failed(Kind.THROTTLED, outOfTime, mayHaveSucceeded);
        }
        Result<T> result = attempt(turn.get(), () -> request.apply(scope.bounds()));
        if (!(result instanceof Failed<T>(var problem))) {
          return result;
        }
        mayHaveSucceeded |= problem.mayHaveSucceeded();
        if (problem.kind() != Kind.THROTTLED) {
          // The last attempt of a call that was refused so far may be broken off at the end.
          return refusals > 1 && scope.left().compareTo(ABOUT_NOTHING) < 0
              ? failed(Kind.THROTTLED, outOfTime, mayHaveSucceeded)
              : failed(problem.kind(), problem.cause(), mayHaveSucceeded);
        }
        outOfTime =
            "AWS asked for fewer calls until the time was up (%s)".formatted(problem.cause());
        Duration pause = scope.pace().pauseAfter(refusals);
        if (pause.compareTo(scope.left()) >= 0) {
          return failed(Kind.THROTTLED, outOfTime, mayHaveSucceeded);
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return failed(Kind.UNAVAILABLE, "it was interrupted", mayHaveSucceeded);
    }
  }

  private <T> Result<T> attempt(Pace.Turn begun, Supplier<T> request) {
    try (Pace.Turn turn = begun) {
      Result<T> result = attempt(request);
      if (result instanceof Failed<T>(var problem) && problem.kind() == Kind.THROTTLED) {
        turn.refused();
      }
      return result;
    }
  }

  private <T> Result<T> attempt(Supplier<T> request) {
    try {
      return new Ok<>(request.get());
    } catch (AwsServiceException refused) {
      return refused(refused);
    } catch (ApiCallTimeoutException | ApiCallAttemptTimeoutException late) {
      return failed(Kind.UNAVAILABLE, "no response in time", true);
    } catch (SdkException broken) {
      return failed(Kind.UNAVAILABLE, rootCause(broken).toString(), true);
    }
  }

  /**
   * Makes the call for each page of a list. The SDK's own paginators follow a marker that comes
   * again round and round; here it is a problem.
   *
   * @param request makes the call with a marker, which is empty for the first page, and this
   *     configuration
   * @param nextMarker the marker that a page gives for the next one
   * @param consumer takes each page as soon as it is read
   * @return how many pages were read, or why the reading ended early
   */
  public <P> Result<Integer> forEachPage(
      CallScope scope,
      BiFunction<Optional<String>, AwsRequestOverrideConfiguration, P> request,
      Function<P, Optional<String>> nextMarker,
      Consumer<P> consumer) {
    Set<String> seen = new HashSet<>();
    Optional<String> next = Optional.empty();
    int pages = 0;
    do {
      Optional<String> marker = next;
      switch (make(scope, within -> request.apply(marker, within))) {
        case Failed<P>(var problem) -> {
          return new Failed<>(problem);
        }
        case Ok<P>(var page) -> {
          pages++;
          consumer.accept(page);
          next = nextMarker.apply(page);
        }
      }
      if (next.isPresent() && !seen.add(next.get())) {
        return unusable("the list has no end: a Marker came a second time");
      }
    } while (next.isPresent());
    return new Ok<>(pages);
  }

  /** Makes the call for each page of a list, and gives all of its elements. */
  public <P, T> Result<List<T>> list(
      CallScope scope,
      BiFunction<Optional<String>, AwsRequestOverrideConfiguration, P> request,
      Function<P, Optional<String>> nextMarker,
      Function<P, List<T>> elements) {
    List<T> all = new ArrayList<>();
    return forEachPage(scope, request, nextMarker, page -> all.addAll(elements.apply(page)))
        .map(_ -> all);
  }

  /** A page's marker for the next one; without {@code IsTruncated}, there is none. */
  public static Optional<String> nextMarker(
      @Nullable Boolean isTruncated, @Nullable String marker) {
    return Boolean.TRUE.equals(isTruncated) ? Optional.ofNullable(marker) : Optional.empty();
  }

  /** The response cannot be used. */
  public <T> Result<T> unusable(String what) {
    return failed(Kind.UNAVAILABLE, what, true);
  }

  private <T> Result<T> refused(AwsServiceException refused) {
    Optional<String> code = errorCode(refused);
    Kind kind =
        refused.isThrottlingException()
            ? Kind.THROTTLED
            : code.map(AwsCall::kind).orElse(Kind.UNAVAILABLE);
    String cause =
        code.map(text -> "%s: %s".formatted(text, refused.awsErrorDetails().errorMessage()))
            .orElseGet(
                () -> "HTTP status %d without an error code".formatted(refused.statusCode()));
    // What is refused the second time may have been done the first time, and the response was lost.
    Integer attempts = refused.numAttempts();
    boolean isRepeated = attempts != null && attempts > 1;
    return failed(kind, cause, isRepeated || kind == Kind.UNAVAILABLE);
  }

  /** AWS's code for the error; empty when the response is not from AWS or was cut short. */
  static Optional<String> errorCode(AwsServiceException refused) {
    return Optional.ofNullable(refused.awsErrorDetails()).map(details -> details.errorCode());
  }

  // https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html,
  // https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html and each action's page
  private static Kind kind(String errorCode) {
    return switch (errorCode) {
      case "NoSuchEntity", "ResourceNotFoundException" -> Kind.NOT_FOUND;
      case "EntityAlreadyExists", "ResourceInUseException" -> Kind.ALREADY_EXISTS;
      case "AccessDenied", "AccessDeniedException", "OptInRequired", "NotAuthorized" -> Kind.DENIED;
      case "ConcurrentModification", "EntityTemporarilyUnmodifiable" -> Kind.CONFLICT;
      case "LimitExceeded", "ResourceLimitExceededException" -> Kind.LIMIT;
      case "UnmodifiableEntity" -> Kind.UNMODIFIABLE;
      case "MalformedPolicyDocument",
          "InvalidInput",
          "ValidationError",
          "PolicyNotAttachable",
          "InvalidParameterValue",
          "InvalidParameterCombination",
          "InvalidParameterException",
          "InvalidRequestException" ->
          Kind.INVALID;
      default -> Kind.UNAVAILABLE;
    };
  }

  private <T> Result<T> failed(Kind kind, String cause, boolean mayHaveSucceeded) {
    return new Failed<>(new AwsProblem(kind, action, subject, cause, mayHaveSucceeded));
  }

  private static Throwable rootCause(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause == null ? thrown : rootCause(cause);
  }
}
