package io.noderoleguard.local.http;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A request, read whole.
 *
 * @param headers by name in lower case
 */
public record HttpRequest(String method, URI target, Map<String, String> headers, String body) {

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
