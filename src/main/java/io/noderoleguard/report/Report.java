package io.noderoleguard.report;

import io.noderoleguard.json.Text;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The result of one run.
 *
 * @param cause what started the run
 * @param counts how many roles have each status; a status that no role has is optional
 * @param roles all roles, or where they are many, those that are not COMPLIANT; the worst first
 * @param notVerified of how many roles it was to be verified what nodes can do, and was not
 * @param coverage empty when no cluster was asked which roles its nodes have
 */
public record Report(
    Mode mode,
    Cause cause,
    Map<Status, Integer> counts,
    List<RoleReport> roles,
    int notVerified,
    Optional<Coverage> coverage) {

  private static final int SUMMARY_LENGTH = 1_000;

  /** What a role has of the length at least: enough for its name and what is wrong. */
  private static final int MIN_SHARE = 100;

  /** What is kept for the number of those that do not fit. */
  private static final int NOTE_LENGTH = 60;

  public Report {
    counts = Map.copyOf(counts);
    roles = List.copyOf(roles);
  }

  /** A report that no cluster was asked for. */
  public Report(
      Mode mode,
      Cause cause,
      Map<Status, Integer> counts,
      List<RoleReport> roles,
      int notVerified) {
    this(mode, cause, counts, roles, notVerified, Optional.empty());
  }

  /** The report of a single role. */
  public static Report of(Mode mode, Cause cause, RoleReport role) {
    return new Report(
        mode, cause, Map.of(role.status(), 1), List.of(role), role.isEffectVerified() ? 0 : 1);
  }

  /** The report of a run that had no role to check. */
  public static Report ofNothing(Mode mode, Cause cause) {
    return new Report(mode, cause, Map.of(), List.of(), 0);
  }

  /** The same report, with its roles' reports replaced; none may get another status. */
  public Report withRoles(UnaryOperator<RoleReport> replacement) {
    return new Report(
        mode, cause, counts, roles.stream().map(replacement).toList(), notVerified, coverage);
  }

  /**
   * The report of one role among these.
   *
   * @throws java.util.NoSuchElementException when there is none
   */
  public RoleReport of(String roleName) {
    return roles.stream()
        .filter(role -> role.roleName().equals(roleName))
        .findFirst()
        .orElseThrow();
  }

  /** How many roles have this status. */
  public int count(Status status) {
    return counts.getOrDefault(status, 0);
  }

  /** The worst status of a role; COMPLIANT when no role was checked. */
  public Status status() {
    return counts.keySet().stream().max(Comparator.naturalOrder()).orElse(Status.COMPLIANT);
  }

  /**
   * The report in one line for a person, at most {@value #SUMMARY_LENGTH} characters.
   *
   * @see #inWords
   */
  public String summary() {
    return inWords(SUMMARY_LENGTH, role -> role.summary(total() == 1));
  }

  /**
   * Why the run failed: each failed role with the reason, and whatever was found or changed
   * besides, of which nobody would hear otherwise.
   *
   * @see #inWords
   */
  public String failure(int maxLength) {
    return inWords(
        maxLength,
        role ->
            role.status() == Status.FAILED
                ? "%s: %s".formatted(role.roleName(), role.explanation())
                : role.summary(false));
  }

  /**
   * The report in one line for a person: the worst roles first, and compliant ones as a number.
   * Each role has its share of the length; what does not fit is counted. {@linkplain Text#plain
   * Plain}, so that a notification can hold it.
   *
   * @param maxLength in characters; at least 200
   */
  private String inWords(int maxLength, Function<RoleReport, String> words) {
    List<RoleReport> listed =
        roles.size() == 1 && total() == 1
            ? roles
            : roles.stream().filter(role -> role.status() != Status.COMPLIANT).toList();
    StringBuilder line = new StringBuilder(totals());
    String unguarded = Text.cut(coverage.map(Coverage::summary).orElse(""), maxLength / 4);
    int end = maxLength - NOTE_LENGTH - unguarded.length();
    int toList = listed.size();
    for (RoleReport role : listed) {
      int left = end - line.length();
      if (left < MIN_SHARE) {
        break;
      }
      // What one role leaves, the next ones may have.
      int share = Math.max(MIN_SHARE, left - MIN_SHARE * (toList - 1));
      line.append(Text.cut(words.apply(role), share)).append(' ');
      toList--;
    }
    if (toList > 0) {
      line.append("… and %d more: the function's log has them.".formatted(toList));
    }
    return Text.plain(line.append(unguarded).toString());
  }

  private int total() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** "3 roles: 2 COMPLIANT, 1 FAILED. ", or nothing where there is just one. */
  private String totals() {
    if (total() == 1) {
      return "";
    }
    String each =
        new EnumMap<>(counts.isEmpty() ? Map.of(Status.COMPLIANT, 0) : counts)
            .entrySet().stream()
                .map(count -> "%d %s".formatted(count.getValue(), count.getKey()))
                .collect(Collectors.joining(", "));
    return "%d roles: %s. ".formatted(total(), each);
  }
}
