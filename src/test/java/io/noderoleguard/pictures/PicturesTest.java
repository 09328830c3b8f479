package io.noderoleguard.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That README's pictures show the dashboard and the output as they are now. */
@Timeout(120)
final class PicturesTest {

  private static final Path FOLDER = Path.of("docs", "images");
  private static final String REMEDY =
      "out of date; draw it again with: mvn -q test-compile exec:exec@pictures";

  @Test
  void theDashboardIsTheTemplates() throws Exception {
    assertThat(FOLDER.resolve(Pictures.DASHBOARD)).as(REMEDY).hasContent(Pictures.dashboard());
  }

  @Test
  void theTerminalShowsWhatTheRunPrints() throws Exception {
    assertThat(FOLDER.resolve(Pictures.LOCAL_RUN)).as(REMEDY).hasContent(Pictures.localRun());
  }
}
