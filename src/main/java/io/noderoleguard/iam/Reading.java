package io.noderoleguard.iam;

import io.noderoleguard.role.RoleState;

/** What came of reading a role. */
public sealed interface Reading {

  /** The role as it is; complete, every page of every list. */
  record Complete(RoleState state) implements Reading {}

  /** Something of it could not be read, so that nothing can be said of the role. */
  record Incomplete(IamProblem problem) implements Reading {}
}
