package io.noderoleguard.bench;

import io.noderoleguard.local.lambda.FunctionOptions;
import io.noderoleguard.local.lambda.Invocation;
import io.noderoleguard.local.lambda.LocalLambda;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;

/**
 * What one JVM took.
 *
 * @param cold ms from its start to the first answer, all in all
 * @param first ms from the first event to its answer
 * @param warm ms from a later event to its answer, the median of several
 * @param cpu ms of CPU until the first answer, both cores
 * @param memory MB at most until the first answer
 * @param classes loaded until the first answer
 */
record Sample(double cold, double first, double warm, double cpu, double memory, double classes) {

  private static final int WARM = 15;
  private static final Duration SNAPSHOT_LIMIT = Duration.ofMinutes(1);

  /**
   * Starts the function, has it serve the event, and ends it.
   *
   * @param share what a primed function has of the CPU from its first event on
   */
  static Sample of(
      FunctionOptions function, Optional<CpuShare> share, String event, String expected)
      throws IOException, InterruptedException, TimeoutException {
    try (LocalLambda lambda = LocalLambda.start(function)) {
      if (share.isPresent()) {
        // Lambda gives more while it takes the snapshot.
        lambda.awaitLog("A check was rehearsed for the snapshot.", SNAPSHOT_LIMIT);
        share.get().put(lambda.process());
      }
      double first = millis(checked(lambda.invoke(event), expected).duration());
      double cold = millis(lambda.age());
      Process jvm = lambda.process();
      double cpu = millis(jvm.info().totalCpuDuration().orElse(Duration.ZERO));
      double memory = peakMemory(jvm.pid());
      double classes = loadedClasses(jvm.pid());
      double[] warm = new double[WARM];
      for (int i = 0; i < WARM; i++) {
        warm[i] = millis(checked(lambda.invoke(event), expected).duration());
      }
      return new Sample(cold, first, median(warm), cpu, memory, classes);
    }
  }

  static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
    return median(samples.stream().mapToDouble(figure).toArray());
  }

  private static double median(double[] figures) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static Invocation checked(Invocation invocation, String expected) {
    if (invocation.error().isPresent() || !invocation.body().contains(expected)) {
      throw new IllegalStateException("not the answer that was to be measured: " + invocation);
    }
    return invocation;
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  // https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
  private static double peakMemory(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** From the JVM's own counters, which it keeps in any case; those of its archive included. */
  private static double loadedClasses(long pid) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "PerfCounter.print")
            .redirectErrorStream(true)
            .start();
    String counters = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    return counters
        .lines()
        .filter(line -> line.matches("java\\.cls\\.(sharedL|l)oadedClasses=\\d+"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf('=') + 1)))
        .sum();
  }
}
