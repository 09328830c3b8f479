package io.noderoleguard.aws;

import io.noderoleguard.aws.AwsProblem.Kind;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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

  /** Makes the call; every way in which the SDK reports a failure becomes a problem. */
  public <T> Result<T> make(Supplier<T> request) {
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
   * @param request makes the call with a marker, which is empty for the first page
   * @param nextMarker the marker that a page gives for the next one
   * @param consumer takes each page as soon as it is read
   * @return how many pages were read, or why the reading ended early
   */
  public <P> Result<Integer> forEachPage(
      Function<Optional<String>, P> request,
      Function<P, Optional<String>> nextMarker,
      Consumer<P> consumer) {
    Set<String> seen = new HashSet<>();
    Optional<String> next = Optional.empty();
    int pages = 0;
    do {
      Optional<String> marker = next;
      switch (make(() -> request.apply(marker))) {
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
      Function<Optional<String>, P> request,
      Function<P, Optional<String>> nextMarker,
      Function<P, List<T>> elements) {
    List<T> all = new ArrayList<>();
    return forEachPage(request, nextMarker, page -> all.addAll(elements.apply(page))).map(_ -> all);
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
    Kind kind = code.map(AwsCall::kind).orElse(Kind.UNAVAILABLE);
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

  // https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and each action's page
  private static Kind kind(String errorCode) {
    return switch (errorCode) {
      case "NoSuchEntity" -> Kind.NOT_FOUND;
      case "EntityAlreadyExists" -> Kind.ALREADY_EXISTS;
      case "AccessDenied", "AccessDeniedException", "OptInRequired", "NotAuthorized" -> Kind.DENIED;
      case "Throttling", "ThrottlingException", "RequestLimitExceeded" -> Kind.THROTTLED;
      case "ConcurrentModification", "EntityTemporarilyUnmodifiable" -> Kind.CONFLICT;
      case "LimitExceeded" -> Kind.LIMIT;
      case "UnmodifiableEntity" -> Kind.UNMODIFIABLE;
      case "MalformedPolicyDocument",
          "InvalidInput",
          "ValidationError",
          "PolicyNotAttachable",
          "InvalidParameterValue",
          "InvalidParameterCombination" ->
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
