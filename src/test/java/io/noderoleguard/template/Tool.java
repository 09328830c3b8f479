package io.noderoleguard.template;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs the programs that tests use where they are installed, and are skipped without. */
public final class Tool {

  /** What a program left behind: its exit code, standard output and standard error. */
  public record Run(int exitCode, String output, String errors) {}

  private Tool() {}

  /** Whether a program is installed and a harmless run of it succeeds. */
  public static boolean works(String... probe) throws InterruptedException {
    try {
      return run(Path.of(""), probe).exitCode() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * Runs a program to its end.
   *
   * @throws IOException if there is no such program
   */
  public static Run run(Path folder, String... command) throws IOException, InterruptedException {
    return run(folder, _ -> {}, command);
  }

  /**
   * Runs a program to its end.
   *
   * @param change changes its environment variables
   * @throws IOException if there is no such program
   */
  public static Run run(Path folder, Consumer<Map<String, String>> change, String... command)
      throws IOException, InterruptedException {
    Path errors = Files.createTempFile("tool", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(List.of(command))
              .directory(folder.toAbsolutePath().toFile())
              .redirectError(errors.toFile());
      change.accept(builder.environment());
      Process process = builder.start();
      process.getOutputStream().close();
      String output;
      try (InputStream out = process.getInputStream()) {
        output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      }
      return new Run(process.waitFor(), output, Files.readString(errors));
    } finally {
      Files.delete(errors);
    }
  }
}
