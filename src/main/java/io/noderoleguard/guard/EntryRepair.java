package io.noderoleguard.guard;

import io.noderoleguard.aws.AwsProblem;
import io.noderoleguard.aws.AwsProblem.Kind;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.AccessEntries.AccessEntryStale;
import io.noderoleguard.role.AccessEntry;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.Change.AssociateAccessPolicy;
import io.noderoleguard.role.Change.CreateAccessEntry;
import io.noderoleguard.role.Change.DeleteAccessEntry;
import io.noderoleguard.role.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Replaces an access entry of an earlier role by one for the role that exists now. From the first
 * deletion on no node of the role can join, so that what fails then is tried again for as long as
 * there is time: IAM's news of a new role, for one, take some seconds to reach EKS.
 */
final class EntryRepair {

  private final EntryOfRole entry;
  private final ClusterAccess access;
  private final AccessEntryStale found;
  private final AccessEntry previous;
  private final List<ChangeResult> results = new ArrayList<>();

  /** Whether the entry may be gone. */
  private boolean mayBeDeleted;

  EntryRepair(EntryOfRole entry, AccessEntryStale found) {
    this.entry = entry;
    this.access = entry.access();
    this.found = found;
    this.previous = found.entry();
  }

  void run() {
    Optional<Change> failed = Optional.empty();
    for (Change.OfAccessEntry change : found.changes()) {
      ChangeResult result =
          failed
              .map(earlier -> ChangeResult.skipped(change, earlier))
              .orElseGet(() -> make(change));
      if (!result.isApplied() && failed.isEmpty()) {
        failed = Optional.of(change);
      }
      results.add(result);
      GuardLog.change(entry.role().name(), result);
      report(Status.FAILED, Optional.of(notEnded()));
    }
    if (failed.isPresent()) {
      report(Status.FAILED, mayBeDeleted ? Optional.of(lost()) : Optional.empty());
    } else {
      confirm();
    }
  }

  private ChangeResult make(Change.OfAccessEntry change) {
    Optional<AwsProblem> problem =
        switch (change) {
          case DeleteAccessEntry delete -> delete(delete);
          case CreateAccessEntry create -> create(create);
          case AssociateAccessPolicy associate -> associate(associate);
        };
    return problem
        .map(reason -> ChangeResult.failed(change, reason.message()))
        .orElseGet(() -> ChangeResult.applied(change));
  }

  /** Nothing is lost if this is refused. It is tried again only while nobody knows. */
  private Optional<AwsProblem> delete(DeleteAccessEntry change) {
    Patience.Wait wait = whileTimeIsLeft();
    report(Status.FAILED, Optional.of(notEnded()));
    while (true) {
      if (!(apply(change) instanceof Failed<Change.OfAccessEntry>(var problem))) {
        mayBeDeleted = true;
        return Optional.empty();
      }
      // The JDK repeats a DELETE without a response by itself, and only the second one is answered.
      boolean isGone = problem.kind() == Kind.NOT_FOUND;
      mayBeDeleted |= isGone || problem.mayHaveSucceeded();
      if (isGone) {
        return Optional.empty();
      }
      if (!mayBeDeleted || !goesOn(problem, wait)) {
        return Optional.of(problem);
      }
    }
  }

  private Optional<AwsProblem> create(CreateAccessEntry change) {
    Patience.Wait wait = whileTimeIsLeft();
    while (true) {
      if (!(apply(change) instanceof Failed<Change.OfAccessEntry>(var problem))) {
        return Optional.empty();
      }
      if (problem.kind() == Kind.ALREADY_EXISTS) {
        if (isCreated()) {
          // By a call without a response, or by someone else.
          return Optional.empty();
        }
        // The old one is still there, whatever the deletion's response was.
        Result<Change.OfAccessEntry> _ = apply(new DeleteAccessEntry(previous));
      }
      if (!goesOn(problem, wait)) {
        return Optional.of(problem);
      }
    }
  }

  private boolean isCreated() {
    return entry.read() instanceof Ok<AccessEntry>(var now) && !now.isOlderThan(entry.role());
  }

  private Optional<AwsProblem> associate(AssociateAccessPolicy change) {
    Patience.Wait wait = whileTimeIsLeft();
    while (true) {
      if (!(apply(change) instanceof Failed<Change.OfAccessEntry>(var problem))) {
        return Optional.empty();
      }
      if (!goesOn(problem, wait)) {
        return Optional.of(problem);
      }
    }
  }

  /** Notes why an attempt failed, and whether there is time for another. */
  private boolean goesOn(AwsProblem problem, Patience.Wait wait) {
    report(Status.FAILED, Optional.of(lost() + " " + problem.message()));
    return wait.pause();
  }

  private Result<Change.OfAccessEntry> apply(Change.OfAccessEntry change) {
    access.run().budget().begin("%s in %s".formatted(change.type(), entry.cluster()));
    return access.eks().apply(change, access.run().budget().left());
  }

  private Patience.Wait whileTimeIsLeft() {
    Patience usual = access.patience();
    return new Patience(usual.firstPause(), usual.longestPause(), access.run().budget().left())
        .within(access.run().budget());
  }

  /** Reads the entry until it is visible as it was, but for the role now. */
  private void confirm() {
    Patience.Wait wait = access.patience().within(access.run().budget());
    Result<AccessEntry> latest;
    do {
      latest = entry.read();
      if (latest instanceof Ok<AccessEntry>(var now)
          && !now.isOlderThan(entry.role())
          && now.isLike(previous)) {
        report(Status.REPAIRED, Optional.empty());
        return;
      }
    } while (wait.pause());
    String seen =
        switch (latest) {
          case Ok<AccessEntry>(var now) -> "It is now " + now.json();
          case Failed<AccessEntry>(var problem) -> problem.message();
        };
    report(
        Status.FAILED,
        Optional.of(
            "The access entry of the cluster %s was created again, but is not seen as it was: %s"
                .formatted(entry.cluster(), seen)));
  }

  private String notEnded() {
    return mayBeDeleted
        ? lost()
        : "The repair of the access entry of the cluster %s did not end: out of time."
            .formatted(entry.cluster());
  }

  /** The loudest that there is: whoever reads it has to act. */
  private String lost() {
    boolean isCreated =
        results.stream()
            .anyMatch(each -> each.isApplied() && each.change() instanceof CreateAccessEntry);
    return ("NO NODE CAN JOIN the cluster %s with this role until someone acts: its access entry was"
            + " deleted, and %s. The report and the log have the whole entry (previous): aws eks"
            + " create-access-entry --region %s --cluster-name %s --principal-arn %s --type %s")
        .formatted(
            entry.cluster(),
            isCreated
                ? "what was created again lacks its access policy"
                : "could not be created again",
            previous.cluster().region(),
            previous.cluster().name(),
            previous.principalArn(),
            previous.type());
  }

  private void report(Status status, Optional<String> problem) {
    List<Finding> remaining = status == Status.REPAIRED ? List.of() : List.of(found);
    entry.report(
        new RoleReport(
            entry.role().name(),
            Optional.of(entry.role()),
            status,
            List.of(found),
            results,
            remaining,
            List.of(),
            problem));
  }
}
