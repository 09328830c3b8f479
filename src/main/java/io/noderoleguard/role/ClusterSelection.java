package io.noderoleguard.role;

import io.noderoleguard.policy.Wildcards;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The clusters whose nodes use the guarded roles, as the owner selects them. Without any, EKS is
 * never called.
 */
public record ClusterSelection(List<Entry> entries) {

  /** No cluster. */
  public static final ClusterSelection NONE = new ClusterSelection(List.of());

  // https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
  private static final Pattern ACCEPTED =
      Pattern.compile("([a-z]{2,}(-[a-z]+)+-[0-9]+/)?[A-Za-z0-9*?][A-Za-z0-9*?_-]{0,99}");

  public ClusterSelection {
    entries = List.copyOf(entries);
  }

  /**
   * One or more clusters of a Region.
   *
   * @param region empty for the function's own
   * @param pattern a name, or a pattern with {@code *} and {@code ?}
   */
  public record Entry(Optional<String> region, String pattern) {

    /** The only cluster that can be meant; empty when there may be several. */
    public Optional<String> name() {
      return pattern.contains("*") || pattern.contains("?")
          ? Optional.empty()
          : Optional.of(pattern);
    }

    /** Whether a cluster of its Region is meant. */
    public boolean matches(String clusterName) {
      return Wildcards.match(pattern, clusterName);
    }

    /** As the owner wrote it. */
    @Override
    public String toString() {
      return region.map(id -> id + "/").orElse("") + pattern;
    }
  }

  /** What is wrong with an entry, as a clause that says what is accepted; empty when nothing is. */
  public static Optional<String> problemWith(String text) {
    return ACCEPTED.matcher(text).matches()
        ? Optional.empty()
        : Optional.of(
            ("\"%s\" is not a cluster: a name of 1 to 100 letters, digits and _- is accepted, or a"
                    + " pattern with the wildcards * and ?, and before it a Region and a slash"
                    + " (eu-central-1/prod-*)")
                .formatted(text));
  }

  /**
   * Reads entries.
   *
   * @param texts for each of which {@link #problemWith} is empty
   */
  public static ClusterSelection of(List<String> texts) {
    return new ClusterSelection(texts.stream().map(ClusterSelection::entry).distinct().toList());
  }

  private static Entry entry(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new Entry(Optional.empty(), text)
        : new Entry(Optional.of(text.substring(0, slash)), text.substring(slash + 1));
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** No cluster is what the owner means, so that a typing error does not turn the check off. */
  public record ClusterNotFound(String cluster) implements Finding {
    @Override
    public String message() {
      return "No cluster is called %s: its access entries are not checked.".formatted(cluster);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("cluster", cluster);
    }
  }

  /** As the owner wrote them. */
  @Override
  public String toString() {
    return entries.stream().map(Entry::toString).collect(Collectors.joining(", "));
  }
}
