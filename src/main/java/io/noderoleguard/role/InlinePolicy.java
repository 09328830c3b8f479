package io.noderoleguard.role;

/**
 * An inline policy of a role.
 *
 * @param document its JSON, not URL-encoded
 */
public record InlinePolicy(String name, String document) {}
