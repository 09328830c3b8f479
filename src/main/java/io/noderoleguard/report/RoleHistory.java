package io.noderoleguard.report;

import io.noderoleguard.trail.RecordedCall;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What CloudTrail recorded of a role that is not compliant, or was not.
 *
 * @param change the change by others that explains best what was found
 * @param repairedAfter how long after it the role was repaired; empty where it was not
 * @param repetition present where the same was repaired again and again
 * @param observed when the role was checked
 */
public record RoleHistory(
    Optional<RecordedCall> change,
    Optional<Duration> repairedAfter,
    Optional<Repetition> repetition,
    Instant observed) {

  /** Nothing is known. */
  public static final RoleHistory NONE =
      new RoleHistory(Optional.empty(), Optional.empty(), Optional.empty(), Instant.EPOCH);

  /**
   * Someone undoes what the guard repairs.
   *
   * @param repairs how often the same was repaired, this time included
   * @param since when it was for the first time
   * @param undoneBy by whom it was undone, as far as that is known
   */
  public record Repetition(int repairs, Instant since, List<String> undoneBy) {
    public Repetition {
      undoneBy = List.copyOf(undoneBy);
    }

    private String words() {
      return "It was repaired %d times since %s, and undone each time%s."
          .formatted(
              repairs,
              since,
              undoneBy.isEmpty() ? "" : " by " + String.join(", and by ", undoneBy));
    }
  }

  /** Sentences for a person; none where nothing is known. */
  public Stream<String> words() {
    return Stream.concat(
        change.stream().map(this::words), repetition.stream().map(Repetition::words));
  }

  /**
   * "AmazonEKS_CNI_Policy was detached at 17:03:11Z by … (Terraform); attached again 74 s later."
   */
  private String words(RecordedCall call) {
    return "%s%s by %s%s."
        .formatted(
            call.words(),
            call.at().map(at -> " at " + time(at)).orElse(""),
            call.caller().words(),
            repairedAfter
                .map(time -> "; %s %s later".formatted(call.undone(), rounded(time)))
                .orElse(""));
  }

  /** With its date, unless that is the day of the check. */
  private String time(Instant at) {
    String text = at.toString();
    boolean isSameDay =
        at.atOffset(ZoneOffset.UTC)
            .toLocalDate()
            .equals(observed.atOffset(ZoneOffset.UTC).toLocalDate());
    return isSameDay ? text.substring(text.indexOf('T') + 1) : text;
  }

  private static String rounded(Duration time) {
    if (time.toMinutes() < 2) {
      return time.toSeconds() + " s";
    }
    if (time.toHours() < 2) {
      return time.toMinutes() + " min";
    }
    return time.toDays() < 2 ? time.toHours() + " h" : time.toDays() + " days";
  }
}
