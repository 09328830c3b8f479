package io.noderoleguard.iam;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.Faults;
import io.noderoleguard.rig.Guards;
import io.noderoleguard.role.Partition;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.Target;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class InterruptedReadingTest {

  @Test
  @Timeout(30)
  void itsCallsEndWithItAndNotWithTheirTimeouts() throws Exception {
    try (EmbeddedIam iam = EmbeddedIam.start()) {
      CountDownLatch asked = new CountDownLatch(4);
      iam.faults()
          .always(Faults.ANY_ACTION, Fault.meanwhile(asked::countDown))
          .always(Faults.ANY_ACTION, new Fault.NoAnswer());
      IamGateway roles = Guards.gateway(iam.endpoint());
      Thread reading =
          Thread.startVirtualThread(
              () ->
                  roles.read(
                      Target.named("Role"),
                      Requirements.DEFAULT.byPartition().apply(Partition.AWS),
                      Guards.HOME,
                      Duration.ofMinutes(1)));
      asked.await();

      reading.interrupt();

      // Half of what the shortest of their time-outs is, that of an attempt.
      assertThat(reading.join(Duration.ofSeconds(2))).isTrue();
      assertThat(iam.calls()).hasSize(4);
    }
  }
}
