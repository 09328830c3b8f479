package io.noderoleguard.bench;

import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.local.lambda.FunctionOptions;
import io.noderoleguard.local.lambda.LocalLambda;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Measures, in one run and in turn: the floor, the SDK alone, the plain stack, the guard, and the
 * guard after SnapStart's hooks, with and without the verification of effects; with and without a
 * distance to IAM, over HTTP and TLS. Prints the medians.
 */
final class StartUp {

  private static final Path LIB = Path.of(System.getProperty("function.lib", ""));
  private static final Path CLASSES = Path.of(System.getProperty("function.classes", ""));
  private static final Path PLAIN_LIB = Path.of(System.getProperty("bench.plain", ""));

  private enum Stack {
    FLOOR,
    SDK,
    PLAIN,
    GUARD,
    PRIMED,
    /** Restored, with {@code EffectivePermissions} off. */
    UNVERIFIED
  }

  private record Case(Stack stack, boolean tls, Duration latency, int memoryMb) {
    @Override
    public String toString() {
      return stack == Stack.FLOOR
          ? "floor"
          : "%s, %s, %d ms%s"
              .formatted(
                  stack.name().toLowerCase(Locale.ROOT),
                  tls ? "TLS" : "HTTP",
                  latency.toMillis(),
                  memoryMb == MEMORY ? "" : ", " + memoryMb + " MB");
    }
  }

  private static final int MEMORY = 1024;

  private final Path work;
  private final EmbeddedIam iam;
  private final TlsFront tls;
  private final Path sdkLib;
  private final boolean shared;

  private StartUp(Path work, EmbeddedIam iam, TlsFront tls, boolean shared) throws IOException {
    this.work = work;
    this.shared = shared;
    this.iam = iam;
    this.tls = tls;
    this.sdkLib = without("sdk", "logback-", "powertools-", "jackson-core");
    Files.createDirectory(work.resolve("empty"));
  }

  /** A folder with links to the function's jars but those whose names begin so. */
  private Path without(String folder, String... beginnings) throws IOException {
    Path linked = Files.createDirectory(work.resolve(folder));
    for (Path jar : jars(LIB)) {
      if (Stream.of(beginnings).noneMatch(jar.getFileName().toString()::startsWith)) {
        Files.createSymbolicLink(linked.resolve(jar.getFileName()), jar.toAbsolutePath());
      }
    }
    return linked;
  }

  /**
   * Measures and prints.
   *
   * @param args how many JVMs of each kind (9); then, instead of all, the stacks to measure, or
   *     {@code memory} for the primed guard under several sizes, with Lambda's share of a CPU
   */
  public static void main(String[] args) throws Exception {
    int runs = args.length > 0 ? Integer.parseInt(args[0]) : 9;
    List<Case> cases = cases(List.of(args).subList(Math.min(1, args.length), args.length));
    Path work = Files.createTempDirectory("startup-");
    try (EmbeddedIam iam = EmbeddedIam.start();
        TlsFront tls = new TlsFront(iam.endpoint(), work)) {
      RightRole.addTo(iam.account());
      new StartUp(work, iam, tls, List.of(args).contains("memory")).run(cases, runs);
    } finally {
      delete(work);
    }
  }

  private static List<Case> cases(List<String> wanted) {
    List<Case> cases = new ArrayList<>();
    if (wanted.equals(List.of("memory"))) {
      for (int memory : new int[] {192, 256, 384, 512, 1024, 1769}) {
        cases.add(new Case(Stack.PRIMED, true, Duration.ofMillis(20), memory));
      }
      return cases;
    }
    List<Stack> stacks =
        wanted.isEmpty()
            ? List.of(Stack.values())
            : wanted.stream().map(name -> Stack.valueOf(name.toUpperCase(Locale.ROOT))).toList();
    if (stacks.contains(Stack.FLOOR)) {
      cases.add(new Case(Stack.FLOOR, false, Duration.ZERO, MEMORY));
    }
    for (boolean tls : new boolean[] {false, true}) {
      for (Duration latency : List.of(Duration.ZERO, Duration.ofMillis(20))) {
        stacks.stream()
            .filter(stack -> stack != Stack.FLOOR)
            .forEach(stack -> cases.add(new Case(stack, tls, latency, MEMORY)));
      }
    }
    return cases;
  }

  private void run(List<Case> cases, int runs)
      throws IOException, InterruptedException, TimeoutException {
    Map<Case, List<Sample>> samples = new LinkedHashMap<>();
    String event = Files.readString(Path.of("events", "scheduled.json"));
    for (int run = 0; run < runs; run++) {
      for (Case each : cases) {
        iam.latency(each.latency());
        String expected =
            switch (each.stack()) {
              case FLOOR -> "";
              case SDK -> ":role/NodeInstanceRole";
              case PLAIN, GUARD, PRIMED, UNVERIFIED -> "COMPLIANT";
            };
        samples.computeIfAbsent(each, _ -> new ArrayList<>()).add(sample(each, event, expected));
      }
      System.err.printf(Locale.ROOT, "run %d of %d%n", run + 1, runs);
    }
    System.out.printf(
        Locale.ROOT,
        "Medians of %d runs each; a right role; %s, %s %s, %d cores.%n%n",
        runs,
        System.getProperty("java.vm.version"),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors());
    System.out.println("| what | cold ms | first ms | warm ms | CPU ms | peak MB | classes |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- |");
    samples.forEach(
        (each, of) ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.1f | %.1f | %.0f | %.0f | %.0f |%n",
                each,
                Sample.median(of, Sample::cold),
                Sample.median(of, Sample::first),
                Sample.median(of, Sample::warm),
                Sample.median(of, Sample::cpu),
                Sample.median(of, Sample::memory),
                Sample.median(of, Sample::classes)));
    System.out.printf(
        Locale.ROOT,
        "%nPacked: the guard %.2f MB, the plain stack %.2f MB.%n",
        packed(Optional.of(CLASSES), LIB),
        packed(Optional.empty(), PLAIN_LIB));
  }

  /** Under several sizes, each has the share of a CPU that Lambda gives it. */
  private Sample sample(Case each, String event, String expected)
      throws IOException, InterruptedException, TimeoutException {
    if (!shared) {
      return Sample.of(function(each), Optional.empty(), event, expected);
    }
    try (CpuShare share =
        CpuShare.of(each.memoryMb())
            .orElseThrow(
                () ->
                    new IllegalStateException("no control group of the CPU can be written here"))) {
      return Sample.of(function(each), Optional.of(share), event, expected);
    }
  }

  private FunctionOptions function(Case each) throws IOException {
    FunctionOptions options =
        new FunctionOptions().memoryMb(each.memoryMb()).environment(environment(each));
    if (each.tls()) {
      options.jvmOptions("-Djavax.net.ssl.trustStore=" + tls.trustStore());
    }
    Path benchmark =
        Path.of(StartUp.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    return switch (each.stack()) {
      case FLOOR ->
          options.handler(FloorHandler.class.getName()).only(work.resolve("empty")).with(benchmark);
      case SDK -> options.handler(SdkHandler.class.getName()).only(sdkLib).with(benchmark);
      case PLAIN ->
          options
              .handler(PlainHandler.class.getName())
              .only(PLAIN_LIB)
              .with(benchmark)
              .with(benchmark.resolve("bench", "plain"));
      case GUARD -> options;
      case PRIMED, UNVERIFIED -> options.snapStart(true);
    };
  }

  /** The guard has the JVM's options that the template gives it. */
  private Map<String, String> environment(Case each) throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_ENDPOINT_URL_IAM", endpoint(each.tls()).toString());
    switch (each.stack()) {
      case GUARD, PRIMED -> environment.put("JAVA_TOOL_OPTIONS", LocalLambda.toolOptions());
      case UNVERIFIED -> {
        environment.put("JAVA_TOOL_OPTIONS", LocalLambda.toolOptions());
        environment.put("EFFECTIVE_PERMISSIONS", "Off");
      }
      case FLOOR, SDK, PLAIN -> {}
    }
    return environment;
  }

  private URI endpoint(boolean overTls) {
    return overTls ? tls.endpoint() : iam.endpoint();
  }

  /** MB of the zip that Lambda would be given. */
  private static double packed(Optional<Path> classes, Path lib) throws IOException {
    long[] length = {0};
    OutputStream counted =
        new OutputStream() {
          @Override
          public void write(int b) {
            length[0]++;
          }

          @Override
          public void write(byte[] bytes, int offset, int count) {
            length[0] += count;
          }
        };
    try (ZipOutputStream zip = new ZipOutputStream(counted)) {
      for (Path root : Stream.concat(classes.stream(), Stream.of(lib)).toList()) {
        try (Stream<Path> files = Files.walk(root)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            zip.putNextEntry(
                new ZipEntry((root.equals(lib) ? "lib/" : "") + root.relativize(file)));
            Files.copy(file, zip);
          }
        }
      }
    }
    return length[0] / 1e6;
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(StartUp::deleteOne);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
