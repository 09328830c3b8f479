package io.noderoleguard.report;

/** The outcome of checking a role, from best to worst. */
public enum Status {
  /** Nothing differs. */
  COMPLIANT,
  /** Something differed; all of it was changed, and a re-read shows nothing differing. */
  REPAIRED,
  /** Something differs and was left alone: {@link Mode#AUDIT}, or not the guard's to change. */
  DRIFTED,
  /** It could not be read, or a change failed, or it still differs after the repair. */
  FAILED;
}
