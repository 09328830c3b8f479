package io.noderoleguard.local.cloudtrail;

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
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * CloudTrail's event history over HTTP: {@code LookupEvents} in the JSON 1.1 protocol, page by
 * page. Calls must be signed; the signature itself is not verified.
 */
public final class EmbeddedTrail implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TARGET =
      "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents";
  private static final int MAX_RESULTS = 50;

  private final List<ObjectNode> records = new CopyOnWriteArrayList<>();
  private final List<JsonNode> lookups = new CopyOnWriteArrayList<>();
  private final Map<String, Actor> actors = new ConcurrentHashMap<>();
  private final HttpServer server =
      new HttpServer(InetAddress.getLoopbackAddress(), 0, this::reply);
  private volatile String region = "";
  private volatile UnaryOperator<HttpReply> fault = UnaryOperator.identity();

  private EmbeddedTrail() {}

  public static EmbeddedTrail start() {
    return new EmbeddedTrail();
  }

  /** What to set as {@code AWS_ENDPOINT_URL_CLOUDTRAIL}. */
  public URI endpoint() {
    return URI.create(
        "http://%s:%d".formatted(InetAddress.getLoopbackAddress().getHostAddress(), server.port()));
  }

  /** Who it is that signs with an access key; by default, the user of its name. */
  public void actor(String accessKeyId, Actor actor) {
    actors.put(accessKeyId, actor);
  }

  /** From now on, this becomes of each answer. */
  public void answering(UnaryOperator<HttpReply> change) {
    fault = change;
  }

  /** From now on, each call is refused. */
  public void refusing(String errorType, String message) {
    answering(_ -> error(errorType, message));
  }

  /** The Region that the last call was signed for. */
  public String region() {
    return region;
  }

  /** The parameters of each call so far. */
  public List<JsonNode> lookups() {
    return List.copyOf(lookups);
  }

  /**
   * Records a call to IAM that succeeded just now.
   *
   * @param form its parameters as the Query protocol names them
   */
  public void record(String action, Map<String, String> form, String accessKeyId) {
    ObjectNode parameters = JSON.createObjectNode();
    form.forEach(
        (name, value) -> {
          if (!name.contains(".")) {
            parameters.put(
                name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), value);
          }
        });
    add(
        action,
        parameters,
        actors.getOrDefault(accessKeyId, Actor.user(accessKeyId, "Boto3/1.34.93", "127.0.0.1")),
        Instant.now());
  }

  /** Records a call to IAM. */
  public ObjectNode add(String action, ObjectNode parameters, Actor actor, Instant at) {
    ObjectNode record =
        JSON.createObjectNode()
            .put("eventVersion", "1.09")
            .<ObjectNode>set("userIdentity", actor.identity().deepCopy())
            .put("eventTime", at.truncatedTo(ChronoUnit.SECONDS).toString())
            .put("eventSource", "iam.amazonaws.com")
            .put("eventName", action)
            .put("awsRegion", "us-east-1")
            .put("sourceIPAddress", actor.sourceIpAddress())
            .put("userAgent", actor.userAgent())
            .<ObjectNode>set("requestParameters", parameters)
            .putNull("responseElements")
            .put("requestID", UUID.randomUUID().toString())
            .put("eventID", UUID.randomUUID().toString())
            .put("readOnly", false)
            .put("eventType", "AwsApiCall")
            .put("managementEvent", true)
            .put("recipientAccountId", "123456789012")
            .put("eventCategory", "Management");
    add(record);
    return record;
  }

  /** Records whatever this is. */
  public void add(ObjectNode record) {
    records.add(record);
  }

  /** From now on, all that is recorded was so much earlier. */
  public void pass(Duration time) {
    for (ObjectNode record : records) {
      record.put(
          "eventTime", Instant.parse(record.path("eventTime").asText()).minus(time).toString());
    }
  }

  /** The last record as EventBridge delivers it. */
  public ObjectNode lastEvent() {
    ObjectNode record = records.getLast();
    return JSON.createObjectNode()
        .put("version", "0")
        .put("id", UUID.randomUUID().toString())
        .put("detail-type", "AWS API Call via CloudTrail")
        .put("source", "aws.iam")
        .put("account", "123456789012")
        .put("time", record.path("eventTime").asText())
        .put("region", "us-east-1")
        .<ObjectNode>set("resources", JSON.createArrayNode())
        .set("detail", record);
  }

  @Override
  public void close() {
    server.close();
  }

  private HttpReply reply(HttpRequest request) {
    if (request.header("authorization").filter(value -> value.startsWith("AWS4-")).isEmpty()
        || !request.header("authorization").orElse("").contains("/cloudtrail/aws4_request")) {
      return error("MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    if (!request.header("x-amz-target").equals(Optional.of(TARGET))
        || !request.header("content-type").equals(Optional.of("application/x-amz-json-1.1"))) {
      return error("UnknownOperationException", "");
    }
    // Credential=KEY/DATE/REGION/cloudtrail/aws4_request
    region = request.header("authorization").orElse("").split("/", -1)[2];
    try {
      JsonNode parameters = JSON.readTree(request.body());
      lookups.add(parameters);
      return fault.apply(lookUp(parameters));
    } catch (JsonProcessingException malformed) {
      return error("SerializationException", "");
    }
  }

  // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
  private HttpReply lookUp(JsonNode parameters) throws JsonProcessingException {
    int size = parameters.path("MaxResults").asInt(MAX_RESULTS);
    if (size < 1 || size > MAX_RESULTS) {
      return error("InvalidMaxResultsException", "MaxResults must be from 1 to 50");
    }
    JsonNode attributes = parameters.path("LookupAttributes");
    if (attributes.size() > 1
        || !attributes.path(0).path("AttributeKey").asText("ResourceName").equals("ResourceName")) {
      return error("InvalidLookupAttributesException", "One attribute is accepted: ResourceName");
    }
    List<ObjectNode> found =
        records.stream()
            .filter(record -> attributes.isEmpty() || names(record, attributes.path(0)))
            .sorted(
                Comparator.comparing((ObjectNode record) -> record.path("eventTime").asText())
                    .reversed())
            .toList();
    Optional<Integer> from = offset(parameters.path("NextToken"));
    if (from.isEmpty()) {
      return error("InvalidNextTokenException", "The token is not one of this history");
    }
    int to = Math.min(from.get() + size, found.size());
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode events = answer.putArray("Events");
    for (ObjectNode record : found.subList(Math.min(from.get(), to), to)) {
      events.add(event(record));
    }
    if (to < found.size()) {
      answer.put("NextToken", token(to));
    }
    return new Answer(200, "application/x-amz-json-1.1", JSON.writeValueAsString(answer));
  }

  private static String token(int offset) {
    return Base64.getEncoder().encodeToString(("from " + offset).getBytes(StandardCharsets.UTF_8));
  }

  private Optional<Integer> offset(JsonNode token) {
    return token.isMissingNode()
        ? Optional.of(0)
        : IntStream.range(1, records.size() + 1)
            .boxed()
            .filter(offset -> token(offset).equals(token.asText()))
            .findFirst();
  }

  private static boolean names(JsonNode record, JsonNode attribute) {
    return resources(record).contains(attribute.path("AttributeValue").asText());
  }

  private static List<String> resources(JsonNode record) {
    List<String> names = new ArrayList<>();
    for (String parameter : List.of("roleName", "instanceProfileName", "policyArn")) {
      JsonNode name = record.path("requestParameters").path(parameter);
      if (name.isTextual()) {
        names.add(name.asText());
      }
    }
    return names;
  }

  private static ObjectNode event(JsonNode record) throws JsonProcessingException {
    ObjectNode event =
        JSON.createObjectNode()
            .put("EventId", record.path("eventID").asText())
            .put("EventName", record.path("eventName").asText())
            .put("ReadOnly", record.path("readOnly").asText())
            .put("EventTime", Instant.parse(record.path("eventTime").asText()).getEpochSecond())
            .put("EventSource", record.path("eventSource").asText())
            .put("Username", record.path("userIdentity").path("userName").asText());
    ArrayNode resources = event.putArray("Resources");
    for (String name : resources(record)) {
      resources.addObject().put("ResourceName", name);
    }
    return event.put("CloudTrailEvent", JSON.writeValueAsString(record));
  }

  private static Answer error(String type, String message) {
    return new Answer(
        400,
        "application/x-amz-json-1.1",
        JSON.createObjectNode().put("__type", type).put("message", message).toString());
  }
}
