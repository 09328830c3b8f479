package io.noderoleguard.guard;

import io.noderoleguard.aws.Result;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.role.AccessEntry;
import io.noderoleguard.role.ClusterName;
import io.noderoleguard.role.RoleState.Present;

/** A role's access entry in a cluster: reads it, and adds what becomes of it to the report. */
record EntryOfRole(ClusterAccess access, ClusterName cluster, Present role) {

  Result<AccessEntry> read() {
    return access.eks().entry(cluster, role.arn(), access.run().budget().left());
  }

  /** Adds this to the role's report, in place of what was added about this entry before. */
  void report(RoleReport more) {
    access.report().supplement("entry in " + cluster, more);
  }
}
