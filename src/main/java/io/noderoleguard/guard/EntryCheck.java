package io.noderoleguard.guard;

import io.noderoleguard.aws.AwsProblem.Kind;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.AccessEntries;
import io.noderoleguard.role.AccessEntries.AccessEntryStale;
import io.noderoleguard.role.AccessEntry;
import io.noderoleguard.role.DesiredRole;
import io.noderoleguard.role.EffectUse;
import io.noderoleguard.role.ExtraPolicyUse;
import io.noderoleguard.role.InstanceProfileUse;
import io.noderoleguard.role.Partition;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleState;
import io.noderoleguard.role.RoleState.Present;
import io.noderoleguard.role.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The check of one role's access entry in one cluster, and its repair where the run allows it. */
record EntryCheck(EntryOfRole entry) {

  /** The time that a repair must have left to be started: nothing is deleted at the last moment. */
  private static final Duration MIN_REPAIR_TIME = Duration.ofSeconds(5);

  /** Whether the role exists, and since when; nothing else of it counts. */
  private static final Function<Partition, DesiredRole> JUST_THE_ROLE =
      new Requirements(
              Optional.empty(),
              List.of(),
              Optional.empty(),
              InstanceProfileUse.IGNORE,
              Optional.empty(),
              Map.of(),
              ExtraPolicyUse.IGNORE,
              List.of(),
              EffectUse.OFF)
          .byPartition();

  /** Notes that the entry will be checked, so that it is in the report whatever happens. */
  void expect() {
    entry.report(
        RoleReport.failed(
            role().name(),
            "The access entry of the cluster %s was not checked: out of time."
                .formatted(entry.cluster())));
  }

  private Present role() {
    return entry.role();
  }

  private ClusterAccess access() {
    return entry.access();
  }

  /** Checks the entry, and adds to the role's report what differs. */
  void run() {
    access()
        .run()
        .budget()
        .begin("reading the access entry of %s in %s".formatted(role().name(), entry.cluster()));
    switch (readUntilFound()) {
      case Ok<AccessEntry>(var found) ->
          AccessEntries.stale(role(), found)
              .ifPresentOrElse(this::handle, () -> entry.report(nothingDiffers()));
      case Failed<AccessEntry>(var problem) when problem.kind() == Kind.NOT_FOUND ->
          // It was deleted since it was listed.
          entry.report(nothingDiffers());
      case Failed<AccessEntry>(var problem) ->
          entry.report(RoleReport.failed(role().name(), problem.message()));
    }
  }

  private void handle(AccessEntryStale stale) {
    GuardLog.finding(role().name(), stale);
    if (access().run().mode() == Mode.AUDIT || stale.changes().isEmpty()) {
      entry.report(report(Status.DRIFTED, stale, Optional.empty()));
      return;
    }
    entry.report(
        report(
            Status.FAILED, stale, Optional.of("The access entry was not repaired: out of time.")));
    try {
      access().oneAtATime().lockInterruptibly();
    } catch (InterruptedException interrupted) {
      // The run is over, and the report stands.
      return;
    }
    try {
      repair(stale);
    } finally {
      access().oneAtATime().unlock();
    }
  }

  private void repair(AccessEntryStale stale) {
    if (access().run().budget().left().compareTo(MIN_REPAIR_TIME) < 0) {
      return;
    }
    Optional<String> obstacle = obstacle(stale);
    if (obstacle.isPresent()) {
      entry.report(report(Status.FAILED, stale, obstacle));
      return;
    }
    new EntryRepair(entry, stale).run();
  }

  /** Why the entry may not be replaced: the role, as it is now, is not the one that was read. */
  private Optional<String> obstacle(AccessEntryStale stale) {
    Result<RoleState> read =
        access()
            .iam()
            .read(
                Target.named(role().name()),
                JUST_THE_ROLE.apply(access().run().home().partition()),
                access().run().home(),
                access().run().budget().left());
    return switch (read) {
      case Ok<RoleState>(Present now)
          when now.arn().equals(stale.entry().principalArn()) && stale.entry().isOlderThan(now) ->
          Optional.empty();
      case Ok<RoleState> _ ->
          Optional.of("The access entry was left alone: the role has changed meanwhile.");
      case Failed<RoleState>(var problem) ->
          Optional.of("The access entry was left alone. " + problem.message());
    };
  }

  /** It was listed: what is not found is not visible everywhere yet, or has just been deleted. */
  private Result<AccessEntry> readUntilFound() {
    Patience.Wait wait = access().patience().within(access().run().budget());
    Result<AccessEntry> read;
    do {
      read = entry.read();
    } while (read instanceof Failed<AccessEntry>(var problem)
        && problem.kind() == Kind.NOT_FOUND
        && wait.pause());
    return read;
  }

  private RoleReport nothingDiffers() {
    return new RoleReport(
        role().name(),
        Optional.of(role()),
        Status.COMPLIANT,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  private RoleReport report(Status status, AccessEntryStale stale, Optional<String> problem) {
    return new RoleReport(
        role().name(),
        Optional.of(role()),
        status,
        List.of(stale),
        List.of(),
        List.of(stale),
        List.of(),
        problem);
  }
}
