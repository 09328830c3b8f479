package io.noderoleguard.role;

import java.util.Map;

/**
 * Something worth knowing about a role that is compliant in this aspect. It never changes a status,
 * and nobody is notified because of it alone.
 */
public sealed interface Note
    permits Trust.TrustPolicyNarrowed,
        Trust.TrustPolicyTagsSessions,
        Trust.TrustPolicyDenies,
        Trust.ChinaServicePrincipalMissing {

  /** Names the type in reports and logs; users' scripts rely on it. */
  default String type() {
    return getClass().getSimpleName();
  }

  /** The note in a sentence for a person. */
  String message();

  /** What it is about, by name, for a program. */
  default Map<String, String> details() {
    return Map.of();
  }
}
