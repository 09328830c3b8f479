package io.noderoleguard.pictures;

import io.noderoleguard.template.DashboardBody;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Draws README's pictures anew: {@code mvn -q test-compile exec:exec@pictures}. */
public final class Pictures {

  static final String LOCAL_RUN = "local-run.svg";
  static final String DASHBOARD = "dashboard.svg";

  private static final String ADDRESS = "127.0.0.1:40841";

  private Pictures() {}

  /**
   * Writes the pictures.
   *
   * @param args the folder
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Files.writeString(folder.resolve(LOCAL_RUN), localRun());
    Files.writeString(folder.resolve(DASHBOARD), dashboard());
  }

  static String dashboard() throws Exception {
    return DashboardPicture.of(DashboardBody.withDefaults());
  }

  /** The local run's output. Its IAM has another port each time, the picture always the same. */
  static String localRun() throws IOException, InterruptedException {
    return TerminalPicture.of(
        "mvn -q test-compile exec:exec@local",
        output().stream().map(line -> line.replaceAll("127\\.0\\.0\\.1:\\d+", ADDRESS)).toList());
  }

  /** The output of the local run, in a JVM of its own as {@code exec:exec@local} starts it. */
  private static List<String> output() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String property : List.of("function.classes", "function.lib", "function.runtime")) {
      command.add("-D%s=%s".formatted(property, System.getProperty(property)));
    }
    command.addAll(
        List.of(
            "-classpath",
            System.getProperty("java.class.path"),
            "io.noderoleguard.local.LocalRun"));
    Process run =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (run.waitFor() != 0) {
      throw new IllegalStateException("The local run failed:\n" + output);
    }
    return output.lines().toList();
  }
}
