package io.noderoleguard.start;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

final class StartTest {

  @Test
  void allThatIsPreparedCanBe() {
    assertThatCode(CallPreload::load).doesNotThrowAnyException();
    assertThatCode(HandshakePreload::load).doesNotThrowAnyException();
  }
}
