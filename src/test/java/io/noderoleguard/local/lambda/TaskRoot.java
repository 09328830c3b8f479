package io.noderoleguard.local.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder that is /var/task in Lambda: the function's classes, and its dependencies in lib. The
 * runtime interface client finds both by the working directory, so this is a folder of links.
 *
 * @param folder where it is
 */
record TaskRoot(Path folder) implements AutoCloseable {

  /**
   * Lays out the function's dependencies, and what is given besides.
   *
   * @param dependencies the folder of their jars
   * @param code folders of classes, and jars; the first of two files of one name wins, as on a
   *     class path
   */
  static TaskRoot create(Path dependencies, List<Path> code) throws IOException {
    Path root = Files.createTempDirectory("function-");
    Path lib = root.resolve("lib");
    link(dependencies, lib);
    for (Path part : code) {
      link(part, Files.isDirectory(part) ? root : lib.resolve(part.getFileName()));
    }
    return new TaskRoot(root);
  }

  private static void link(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path link = target.resolve(source.relativize(file));
        if (Files.notExists(link, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(link.getParent());
          Files.createSymbolicLink(link, file.toAbsolutePath());
        }
      }
    }
  }

  /** Deletes the links. */
  @Override
  public void close() {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }
}
