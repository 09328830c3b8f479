package io.noderoleguard.lambda;

import io.noderoleguard.report.Report;
import io.noderoleguard.report.Status;

/**
 * A role is FAILED in the end. It ends the invocation as an error, so that Lambda counts it and
 * sends it to the failure destination. The message names each failed role and why, and whatever was
 * changed or found besides: nobody would hear of it otherwise.
 */
final class CheckFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CheckFailedException(Report report) {
    super(report.failure(ErrorText.MAX_LENGTH));
  }

  /**
   * The report, of which no role is FAILED.
   *
   * @throws CheckFailedException when one is
   */
  static Report orReport(Report report) {
    if (report.status() == Status.FAILED) {
      throw new CheckFailedException(report);
    }
    return report;
  }
}
