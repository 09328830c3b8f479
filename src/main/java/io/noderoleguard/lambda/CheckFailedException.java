package io.noderoleguard.lambda;

import io.noderoleguard.report.Report;
import io.noderoleguard.report.Status;
import java.util.stream.Collectors;

/**
 * A role could not be made right. It ends the invocation as an error, so that Lambda tries again,
 * counts it and sends it to the failure destination. The message names each failed role and why.
 */
final class CheckFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CheckFailedException(Report report) {
    super(
        report.roles().stream()
            .filter(role -> role.status() == Status.FAILED)
            .map(role -> "%s: %s".formatted(role.roleName(), role.explanation()))
            .collect(Collectors.joining(" "))
            // A notification takes the message over without escaping.
            .replace('"', '\'')
            .replaceAll("[\\\\\\p{Cntrl}]+", " "));
  }
}
