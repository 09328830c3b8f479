package io.noderoleguard.role;

import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import java.util.Map;
import java.util.stream.Stream;

/** Whether the guard knows what is right in the role's partition. */
public final class KnownPartition implements Aspect {

  KnownPartition() {}

  /** The role is in a partition whose services have names that the guard does not know. */
  public record PartitionNotSupported(String partition) implements Finding {
    @Override
    public String message() {
      return ("The role is in the partition %s. The guard knows what is right in %s only, and leaves"
              + " the role alone.")
          .formatted(partition, Partition.supported());
    }

    @Override
    public Map<String, String> details() {
      return Map.of("partition", partition);
    }

    @Override
    public boolean isDecisive() {
      return true;
    }
  }

  @Override
  public Stream<Finding> differences(Target target, DesiredRole desired, RoleState actual) {
    Partition partition =
        switch (actual) {
          case Present role -> Partition.ofArn(role.arn()).orElse(desired.partition());
          case Absent _ -> desired.partition();
        };
    return partition.isSupported()
        ? Stream.empty()
        : Stream.of(new PartitionNotSupported(partition.id()));
  }
}
