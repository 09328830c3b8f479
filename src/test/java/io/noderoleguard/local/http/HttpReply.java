package io.noderoleguard.local.http;

/** How a request ends, answers that no server would give on purpose included. */
public sealed interface HttpReply {

  /** A whole answer. */
  record Answer(int status, String contentType, String body) implements HttpReply {}

  /** The connection is reset, with nothing said. */
  record Reset() implements HttpReply {}

  /** Nothing is ever said, and the connection stays open until the server is closed. */
  record Silence() implements HttpReply {}
}
