package io.noderoleguard.guard;

import java.util.List;

/** The result of one run: all roles that were checked. */
public record Report(Mode mode, List<RoleReport> roles) {

  public Report {
    roles = List.copyOf(roles);
  }

  /** The worst status of a role. */
  public Status status() {
    return roles.stream().map(RoleReport::status).reduce(Status.COMPLIANT, Status::worse);
  }
}
