package io.noderoleguard.guard;

import io.noderoleguard.eks.EksGateway;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.report.ReportBuilder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a run needs to check and repair access entries.
 *
 * @param oneAtATime held while an entry is deleted and created: at no time more than one is missing
 */
record ClusterAccess(
    EksGateway eks,
    IamGateway iam,
    Patience patience,
    Run run,
    ReportBuilder report,
    Lock oneAtATime) {

  ClusterAccess(EksGateway eks, IamGateway iam, Patience patience, Run run, ReportBuilder report) {
    this(eks, iam, patience, run, report, new ReentrantLock());
  }
}
