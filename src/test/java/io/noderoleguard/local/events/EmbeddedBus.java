package io.noderoleguard.local.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noderoleguard.local.http.HttpReply;
import io.noderoleguard.local.http.HttpReply.Answer;
import io.noderoleguard.local.http.HttpRequest;
import io.noderoleguard.local.http.HttpServer;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * The default event bus of EventBridge over HTTP: {@code PutEvents} in the JSON 1.1 protocol. Calls
 * must be signed; the signature itself is not verified.
 */
public final class EmbeddedBus implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_ENTRIES = 10;
  private static final int MAX_BYTES = 256 << 10;

  private final List<ObjectNode> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final HttpServer server =
      new HttpServer(InetAddress.getLoopbackAddress(), 0, this::reply);
  private volatile UnaryOperator<HttpReply> fault = UnaryOperator.identity();

  private EmbeddedBus() {}

  public static EmbeddedBus start() {
    return new EmbeddedBus();
  }

  /** What to set as {@code AWS_ENDPOINT_URL_EVENTBRIDGE}. */
  public URI endpoint() {
    return URI.create(
        "http://%s:%d".formatted(InetAddress.getLoopbackAddress().getHostAddress(), server.port()));
  }

  /** The events that were put on the bus, as a rule sees them. */
  public List<ObjectNode> events() {
    return List.copyOf(events);
  }

  /** How many calls there were, refused ones included. */
  public int calls() {
    return calls.get();
  }

  /** From now on, this becomes of each answer. */
  public void answering(UnaryOperator<HttpReply> change) {
    fault = change;
  }

  /** From now on, each call is refused. */
  public void refusing(String errorType, String message) {
    answering(_ -> error(errorType, message));
  }

  @Override
  public void close() {
    server.close();
  }

  private HttpReply reply(HttpRequest request) {
    calls.incrementAndGet();
    String signature = request.header("authorization").orElse("");
    if (!signature.startsWith("AWS4-") || !signature.contains("/events/aws4_request")) {
      return error("MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    if (!request.header("x-amz-target").equals(Optional.of("AWSEvents.PutEvents"))
        || !request.header("content-type").equals(Optional.of("application/x-amz-json-1.1"))) {
      return error("UnknownOperationException", "");
    }
    try {
      return fault.apply(put(JSON.readTree(request.body()), region(signature)));
    } catch (JsonProcessingException malformed) {
      return error("SerializationException", "");
    }
  }

  /** The third part of {@code Credential=KEY/DATE/REGION/events/aws4_request}. */
  private static String region(String signature) {
    return signature.split("/", -1)[2];
  }

  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
  private HttpReply put(JsonNode parameters, String region) {
    JsonNode entries = parameters.path("Entries");
    if (entries.isEmpty() || entries.size() > MAX_ENTRIES) {
      return error("ValidationException", "Entries must have from 1 to 10 members");
    }
    int size = 0;
    for (JsonNode entry : entries) {
      size += size(entry);
    }
    if (size >= MAX_BYTES) {
      return error("ValidationException", "Total size of the entries in the request is over limit");
    }
    int failed = 0;
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode outcomes = answer.putArray("Entries");
    for (JsonNode entry : entries) {
      Optional<String> problem = problem(entry);
      if (problem.isPresent()) {
        failed++;
        outcomes.addObject().put("ErrorCode", problem.get()).put("ErrorMessage", "no");
      } else {
        outcomes.addObject().put("EventId", add(entry, region));
      }
    }
    return answer(200, answer.put("FailedEntryCount", failed));
  }

  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
  private static int size(JsonNode entry) {
    int size = entry.has("Time") ? 14 : 0;
    for (String text : List.of("Source", "DetailType", "Detail")) {
      size += length(entry.path(text));
    }
    for (JsonNode resource : entry.path("Resources")) {
      size += length(resource);
    }
    return size;
  }

  private static int length(JsonNode text) {
    return text.asText().getBytes(StandardCharsets.UTF_8).length;
  }

  private static Optional<String> problem(JsonNode entry) {
    String source = entry.path("Source").asText();
    if (source.isEmpty() || entry.path("DetailType").asText().isEmpty()) {
      return Optional.of("InvalidArgument");
    }
    if (source.startsWith("aws.")) {
      return Optional.of("NotAuthorizedForSourceException");
    }
    try {
      return JSON.readTree(entry.path("Detail").asText()).isObject()
          ? Optional.empty()
          : Optional.of("MalformedDetail");
    } catch (JsonProcessingException malformed) {
      return Optional.of("MalformedDetail");
    }
  }

  private String add(JsonNode entry, String region) {
    String id = UUID.randomUUID().toString();
    try {
      events.add(
          JSON.createObjectNode()
              .put("version", "0")
              .put("id", id)
              .put("detail-type", entry.path("DetailType").asText())
              .put("source", entry.path("Source").asText())
              .put("account", "123456789012")
              .put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
              .put("region", region)
              .<ObjectNode>set("resources", entry.path("Resources"))
              .set("detail", JSON.readTree(entry.path("Detail").asText())));
    } catch (JsonProcessingException checkedBefore) {
      throw new IllegalStateException(checkedBefore);
    }
    return id;
  }

  private static Answer error(String type, String message) {
    return answer(400, JSON.createObjectNode().put("__type", type).put("message", message));
  }

  private static Answer answer(int status, ObjectNode body) {
    return new Answer(status, "application/x-amz-json-1.1", body.toString());
  }
}
