package io.noderoleguard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A control group that gives its processes a share of one CPU, as Lambda does by memory size. There
 * is none where the machine's control groups cannot be written.
 */
final class CpuShare implements AutoCloseable {

  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
  private static final double MB_OF_ONE_CPU = 1_769;

  // https://docs.kernel.org/admin-guide/cgroup-v2.html and .../cgroup-v1/
  private static final Path V2 = Path.of("/sys/fs/cgroup");
  private static final Path V1 = V2.resolve("cpu");
  private static final int PERIOD = 20_000;

  private final Path group;

  private CpuShare(Path group) {
    this.group = group;
  }

  /** The share that a function of this memory size has. */
  static Optional<CpuShare> of(int memoryMb) {
    int quota = (int) (PERIOD * memoryMb / MB_OF_ONE_CPU);
    boolean isV2 = Files.exists(V2.resolve("cgroup.controllers"));
    Path group = (isV2 ? V2 : V1).resolve("startup-benchmark-" + ProcessHandle.current().pid());
    try {
      Files.createDirectories(group);
      if (isV2) {
        Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD);
      } else {
        Files.writeString(group.resolve("cpu.cfs_period_us"), String.valueOf(PERIOD));
        Files.writeString(group.resolve("cpu.cfs_quota_us"), String.valueOf(quota));
      }
      return Optional.of(new CpuShare(group));
    } catch (IOException unwritable) {
      return Optional.empty();
    }
  }

  void put(Process process) throws IOException {
    Files.writeString(group.resolve("cgroup.procs"), String.valueOf(process.pid()));
  }

  /** Removes the group, which has no process any more. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(group);
  }
}
