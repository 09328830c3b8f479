package io.noderoleguard.role;

/** The name of a cluster of EKS, which is unique in a Region of an account. */
public record ClusterName(String region, String name) {

  /** As the setting {@code Clusters} takes it: {@code eu-central-1/prod}. */
  @Override
  public String toString() {
    return region + "/" + name;
  }
}
