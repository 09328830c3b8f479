package io.noderoleguard.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is known of an event before the function gets it; a broken one is the function's to refuse.
 */
final class EventFile {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private EventFile() {}

  /** Why the file cannot be sent, as the end of a sentence that begins with its name. */
  static Optional<String> problemWith(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.of("is not a readable file");
    }
    try {
      byte[] bytes = Files.readAllBytes(file);
      boolean isUtf16 = bytes.length > 1 && (bytes[0] & 0xFE) == 0xFE && (bytes[1] & 0xFE) == 0xFE;
      boolean isMarked =
          bytes.length > 2 && Arrays.equals(Arrays.copyOf(bytes, 3), BYTE_ORDER_MARK);
      return isMarked || isUtf16
          ? Optional.of("begins with a byte order mark; save it as UTF-8 without one")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of("cannot be read: " + e.getMessage());
    }
  }

  static boolean isFromCloudFormation(Path file) {
    return read(file).has("RequestType");
  }

  /** The role that the event names, if it names one. */
  static Optional<String> role(Path file) {
    return Optional.of(role(read(file))).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  private static JsonNode role(JsonNode event) {
    if (event.has("RequestType")) {
      return event.path("ResourceProperties").path("RoleName");
    }
    if (event.has("Records")) {
      return role(read(event.path("Records").path(0).path("body").asText()));
    }
    return event.has("detail")
        ? event.path("detail").path("requestParameters").path("roleName")
        : event.path("roleName");
  }

  private static JsonNode read(Path file) {
    try {
      return read(Files.readString(file));
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private static JsonNode read(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
