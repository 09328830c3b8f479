package io.noderoleguard.role;

import io.noderoleguard.role.Change.TagRole;
import io.noderoleguard.role.RoleState.Present;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The tags that are asked for. Others do not differ. */
public final class Tags implements Aspect {

  Tags() {}

  /**
   * Tags that were asked for are missing or have another value.
   *
   * @param tags those, with their desired values
   */
  public record TagsDiffer(Map<String, String> tags) implements Finding {
    public TagsDiffer {
      tags = Map.copyOf(tags);
    }

    @Override
    public Set<String> actions() {
      return Set.of("UntagRole", "TagRole", "CreateRole");
    }

    @Override
    public String message() {
      return "These tags are missing or have another value: %s."
          .formatted(String.join(", ", tags.keySet().stream().sorted().toList()));
    }

    @Override
    public List<Change> remedy(DesiredRole desired) {
      return List.of(new TagRole(tags));
    }
  }

  @Override
  public Stream<Finding> differences(Target target, DesiredRole desired, RoleState actual) {
    if (!(actual instanceof Present role)) {
      return Stream.empty();
    }
    Map<String, String> differing = new TreeMap<>(desired.tags());
    differing
        .entrySet()
        .removeIf(wanted -> role.tags().entrySet().stream().anyMatch(tag -> isSame(wanted, tag)));
    return differing.isEmpty() ? Stream.empty() : Stream.of(new TagsDiffer(differing));
  }

  private static boolean isSame(Map.Entry<String, String> one, Map.Entry<String, String> other) {
    return canonicalKey(one.getKey()).equals(canonicalKey(other.getKey()))
        && one.getValue().equals(other.getValue());
  }

  /**
   * The form in which IAM compares tag keys: it keeps their letter case, but does not distinguish
   * by it. See <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html">Tagging</a>.
   */
  static String canonicalKey(String key) {
    return key.toLowerCase(Locale.ROOT);
  }
}
