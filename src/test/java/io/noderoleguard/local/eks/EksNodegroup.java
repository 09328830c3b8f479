package io.noderoleguard.local.eks;

import java.util.List;

/** A managed node group. */
public record EksNodegroup(String name, String nodeRole, List<Issue> issues) {

  public EksNodegroup {
    issues = List.copyOf(issues);
  }

  /** An issue of its health. */
  public record Issue(String code, String message) {}
}
