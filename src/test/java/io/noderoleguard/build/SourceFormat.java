package io.noderoleguard.build;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Formats the sources with google-java-format.
 *
 * <p>The usual Maven plugins format inside Maven's own JVM, whose parser is too old for these
 * sources where Maven runs on an older JDK; this runs on the JDK that the toolchain selected.
 */
public final class SourceFormat {

  private static final Formatter FORMATTER = new Formatter();

  private SourceFormat() {}

  /**
   * Rewrites every Java file that is not formatted.
   *
   * @param args the folders to format
   */
  public static void main(String[] args) throws IOException, FormatterException {
    for (String folder : args) {
      for (Path source : sourcesIn(Path.of(folder))) {
        String text = Files.readString(source);
        String formatted = format(text);
        if (!formatted.equals(text)) {
          Files.writeString(source, formatted);
          System.out.println("formatted " + source);
        }
      }
    }
  }

  static List<Path> sourcesIn(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      return paths.filter(path -> path.toString().endsWith(".java")).sorted().toList();
    }
  }

  static String format(String source) throws FormatterException {
    String imports =
        ImportOrderer.reorderImports(
            RemoveUnusedImports.removeUnusedImports(source), JavaFormatterOptions.Style.GOOGLE);
    return FORMATTER.formatSource(imports);
  }
}
