package io.noderoleguard.local.eks;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A cluster, its node groups and its access entries. */
final class EksCluster {

  final String region;
  final String name;
  String status = "ACTIVE";
  String authenticationMode;
  Optional<String> autoModeRoleArn = Optional.empty();
  final Map<String, EksNodegroup> nodegroups = new TreeMap<>();

  /** By the principal's ARN. */
  final Map<String, EksEntry> entries = new TreeMap<>();

  EksCluster(String region, String name, String authenticationMode) {
    this.region = region;
    this.name = name;
    this.authenticationMode = authenticationMode;
  }

  EksCluster copy() {
    EksCluster copy = new EksCluster(region, name, authenticationMode);
    copy.status = status;
    copy.autoModeRoleArn = autoModeRoleArn;
    copy.nodegroups.putAll(nodegroups);
    copy.entries.putAll(entries);
    return copy;
  }
}
