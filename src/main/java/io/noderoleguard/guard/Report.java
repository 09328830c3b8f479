package io.noderoleguard.guard;

import java.util.List;
import java.util.stream.Collectors;

/** The result of one run: all roles that were checked. */
public record Report(Mode mode, List<RoleReport> roles) {

  private static final int SUMMARY_LENGTH = 1_000;

  public Report {
    roles = List.copyOf(roles);
  }

  /** The worst status of a role. */
  public Status status() {
    return roles.stream().map(RoleReport::status).reduce(Status.COMPLIANT, Status::worse);
  }

  /**
   * The report in one line for a person, at most {@value #SUMMARY_LENGTH} characters. Without
   * quotation marks, backslashes and line breaks: EventBridge puts it into a message <a
   * href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html">without
   * escaping</a>.
   */
  public String summary() {
    String line =
        roles.stream()
            .map(RoleReport::summary)
            .collect(Collectors.joining(" "))
            .replace('"', '\'')
            .replaceAll("[\\\\\\p{Cntrl}]+", " ");
    return line.length() <= SUMMARY_LENGTH ? line : line.substring(0, SUMMARY_LENGTH - 1) + "…";
  }
}
