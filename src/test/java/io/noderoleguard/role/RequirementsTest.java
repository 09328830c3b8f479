package io.noderoleguard.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.noderoleguard.role.Requirements.Part;
import io.noderoleguard.role.Requirements.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RequirementsTest {

  private static final Requirements WRONG =
      new Requirements(
          Optional.of("eks"), List.of("No Policy"), Optional.of("Boundary"), Map.of("aws:x", "y"));

  @Test
  void allThatIsWrongIsStatedAtOnceWithThePartThatItIsAbout() {
    assertThat(WRONG.problems())
        .extracting(Problem::part)
        .containsExactly(Part.PATH, Part.POLICIES, Part.PERMISSIONS_BOUNDARY, Part.TAGS);
    assertThat(WRONG.problems().toString())
        .contains("\"eks\"", "\"No Policy\"", "\"Boundary\"", "\"aws:x\"");
  }

  @Test
  void wrongRequirementsMakeNoDesiredState() {
    assertThatThrownBy(WRONG::byPartition).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theDesiredStateOfAPartitionIsMadeOnce() {
    var desired = Requirements.DEFAULT.byPartition();

    assertThat(desired.apply(Partition.AWS)).isSameAs(desired.apply(new Partition("aws")));
    assertThat(desired.apply(Partition.AWS_CN)).isNotEqualTo(desired.apply(Partition.AWS));
  }
}
