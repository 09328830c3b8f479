package io.noderoleguard.local.iam;

import java.util.List;
import java.util.Optional;

/** What can be said of a role when it is created. */
public record RoleSettings(
    String name,
    String path,
    String trustPolicy,
    Optional<String> description,
    int maxSessionDuration,
    Optional<String> permissionsBoundary,
    List<Tag> tags) {

  static final int DEFAULT_SESSION_SECONDS = 3600;

  public RoleSettings {
    tags = List.copyOf(tags);
  }

  /** A role with nothing but what it must have. */
  public static RoleSettings of(String name, String path, String trustPolicy) {
    return new RoleSettings(
        name,
        path,
        trustPolicy,
        Optional.empty(),
        DEFAULT_SESSION_SECONDS,
        Optional.empty(),
        List.of());
  }

  /** One tag as it is sent: a list of them may name a key twice, which IAM refuses. */
  public record Tag(String key, String value) {}
}
