package io.noderoleguard.local.http;

import java.util.Map;

/** How a request ends, answers that no server would give on purpose included. */
public sealed interface HttpReply {

  /** A whole answer, with further headers. */
  record Answer(int status, String contentType, String body, Map<String, String> headers)
      implements HttpReply {

    public Answer {
      headers = Map.copyOf(headers);
    }

    public Answer(int status, String contentType, String body) {
      this(status, contentType, body, Map.of());
    }
  }

  /** The connection is reset, with nothing said. */
  record Reset() implements HttpReply {}

  /** Nothing is ever said, and the connection stays open until the server is closed. */
  record Silence() implements HttpReply {}
}
