package io.noderoleguard.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SourceFormatTest {

  static List<Path> sources() throws Exception {
    return SourceFormat.sourcesIn(Path.of("src"));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void everySourceIsFormatted(Path source) throws Exception {
    String text = Files.readString(source);

    assertThat(text)
        .as("run `mvn -q test-compile exec:exec@format` to format %s", source)
        .isEqualTo(SourceFormat.format(text));
  }

  @Test
  void aBadlyFormattedSourceIsFound() throws Exception {
    assertThat(SourceFormat.format("class A {int  b;}\n")).isEqualTo("class A {\n  int b;\n}\n");
  }

  @Test
  void bothSourceFoldersAreRead() throws Exception {
    assertThat(Stream.of("main", "test").map(Path.of("src")::resolve))
        .allSatisfy(folder -> assertThat(sources()).anyMatch(path -> path.startsWith(folder)));
  }
}
