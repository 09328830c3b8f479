package io.noderoleguard.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.report.Version;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class VersionTest {

  @Test
  void theReportsVersionIsThatOfTheBuild() {
    assertThat(Version.CURRENT).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    assertThat(Path.of("pom.xml"))
        .content()
        .contains(
            "<artifactId>eks-node-role-guard</artifactId>\n  <version>"
                + Version.CURRENT
                + "</version>");
  }
}
