package io.noderoleguard.local.iam;

import io.noderoleguard.local.http.HttpReply;
import io.noderoleguard.local.http.HttpRequest;
import io.noderoleguard.local.http.HttpServer;
import io.noderoleguard.local.iam.IamError.IamException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * IAM on one machine: the Query protocol over HTTP in front of an {@link IamAccount}, for the AWS
 * SDKs, the AWS CLI and {@code sam local}. Calls must be signed, as to IAM; the signature itself is
 * not verified, so that any credentials will do.
 */
public final class EmbeddedIam implements AutoCloseable {

  private static final String XML = "text/xml;charset=UTF-8";
  private static final String FAULT_NAMESPACE = "http://webservices.amazon.com/AWSFault/2005-15-09";
  private static final String VERSION = "2010-05-08";

  private final IamAccount account;
  private final Faults faults = new Faults();
  private final StaleReads staleReads = new StaleReads(System::nanoTime);
  private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  private final Set<String> accessKeyIds = ConcurrentHashMap.newKeySet();
  private final HttpServer server;
  private final InetAddress address;
  private volatile Duration latency = Duration.ZERO;
  private volatile BiConsumer<Call, String> audience = (call, accessKeyId) -> {};

  private record Arrival(Call call, long nanos) {}

  private EmbeddedIam(IamAccount account, InetAddress address, int port) {
    this.account = account;
    this.address = address;
    this.server = new HttpServer(address, port, this::reply);
  }

  /** An empty account of the {@code aws} partition on a free port. */
  public static EmbeddedIam start() {
    return start(new IamAccount("aws", "123456789012"), 0);
  }

  /**
   * Serves the account to this machine.
   *
   * @param port 0 for a free one
   * @throws UncheckedIOException if the port is taken
   */
  public static EmbeddedIam start(IamAccount account, int port) {
    return start(account, InetAddress.getLoopbackAddress(), port);
  }

  public static EmbeddedIam start(IamAccount account, InetAddress address, int port) {
    return new EmbeddedIam(account, address, port);
  }

  /** What to set as {@code AWS_ENDPOINT_URL_IAM}, or as the client's endpoint override. */
  public URI endpoint() {
    String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
    return URI.create("http://" + host + ":" + server.port());
  }

  /** The state itself, to arrange and to look at without a call. */
  public IamAccount account() {
    return account;
  }

  public Faults faults() {
    return faults;
  }

  /** Every call that has arrived, refused and repeated ones included, in order. */
  public List<Call> calls() {
    return arrivals.stream().map(Arrival::call).toList();
  }

  /** Whose keys the calls so far were signed with. */
  public Set<String> accessKeyIds() {
    return Set.copyOf(accessKeyIds);
  }

  /** The calls among them that could change something. */
  public List<Call> writes() {
    return calls().stream().filter(Call::isWrite).toList();
  }

  /** The largest number of calls of one action that arrived within such a time, by action. */
  public Map<String, Integer> mostCallsWithin(Duration time) {
    Map<String, List<Long>> times =
        arrivals.stream()
            .collect(
                Collectors.groupingBy(
                    arrival -> arrival.call.action(),
                    TreeMap::new,
                    Collectors.mapping(Arrival::nanos, Collectors.toList())));
    Map<String, Integer> most = new TreeMap<>();
    times.forEach((action, all) -> most.put(action, mostWithin(time.toNanos(), all)));
    return most;
  }

  private static int mostWithin(long nanos, List<Long> times) {
    List<Long> sorted = times.stream().sorted().toList();
    int most = 0;
    int first = 0;
    for (int last = 0; last < sorted.size(); last++) {
      while (sorted.get(last) - sorted.get(first) >= nanos) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  public void forgetCalls() {
    arrivals.clear();
  }

  /** From now on, hears of each write that succeeds, and whose key it was signed with. */
  public void onWrite(BiConsumer<Call, String> listener) {
    audience = listener;
  }

  /** Each answer is given this much later, as if IAM were that far away. */
  public void latency(Duration time) {
    latency = time;
  }

  /** For this time after each write, reads answer from the state before it. */
  public void staleReads(Duration time) {
    staleReads.lasting(time);
  }

  /** For so many reads after each write, reads answer from the state before it. */
  public void staleReads(int reads) {
    staleReads.lasting(reads);
  }

  /** Each write can be read at once again. */
  public void freshReads() {
    staleReads.clear();
  }

  @Override
  public void close() {
    server.close();
  }

  private HttpReply reply(HttpRequest request) {
    Map<String, String> form = form(request);
    Optional<String> action = Optional.ofNullable(form.remove("Action"));
    Optional<String> version = Optional.ofNullable(form.remove("Version"));
    if (!isSigned(request, form)) {
      return error(
          new IamError(
              "MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
          FAULT_NAMESPACE);
    }
    String accessKeyId = request.header("authorization").map(EmbeddedIam::accessKeyId).orElse("");
    if (!accessKeyId.isEmpty()) {
      accessKeyIds.add(accessKeyId);
    }
    if (action.isEmpty()) {
      return error(new IamError("MissingAction", 400, "Missing Action parameter"), FAULT_NAMESPACE);
    }
    if (!version.equals(Optional.of(VERSION))) {
      return error(
          new IamError(
              "InvalidAction",
              400,
              "Could not find operation "
                  + action.get()
                  + " for version "
                  + version.orElse("NO_VERSION_SPECIFIED")),
          FAULT_NAMESPACE);
    }
    Call call = new Call(action.get(), form);
    arrivals.add(new Arrival(call, System.nanoTime()));
    sleep(latency);
    return reply(call, accessKeyId, faults.before(call));
  }

  private HttpReply reply(Call call, String accessKeyId, List<Fault> arranged) {
    for (Fault fault : arranged) {
      switch (fault) {
        case Fault.Slow(Duration delay) -> sleep(delay);
        case Fault.Meanwhile(Runnable event) -> event.run();
        case Fault.Refused(IamError error) -> {
          return error(error, IamXml.NAMESPACE);
        }
        case Fault.Denied() -> {
          return error(AccessDenied.of(call, account), IamXml.NAMESPACE);
        }
        case Fault.ConnectionReset() -> {
          return new HttpReply.Reset();
        }
        case Fault.NoAnswer() -> {
          return new HttpReply.Silence();
        }
        case Fault.HtmlPage() -> {
          return new HttpReply.Answer(
              200, "text/html", "<html><head><title>Sign in</title></head><body></body></html>");
        }
        case Fault.EmptyAnswer() -> {
          return new HttpReply.Answer(200, XML, "");
        }
        case Fault.Rewritten(var change) -> {
          HttpReply.Answer answer = carryOut(call, accessKeyId);
          return new HttpReply.Answer(answer.status(), XML, change.apply(answer.body()));
        }
        case Fault.TruncatedXml() -> {
          return truncated(carryOut(call, accessKeyId));
        }
        case Fault.AfterwardsInstead(Fault answer) -> {
          HttpReply.Answer lost = carryOut(call, accessKeyId);
          return lost.status() == 200 ? reply(call, accessKeyId, List.of(answer)) : lost;
        }
      }
    }
    return carryOut(call, accessKeyId);
  }

  private HttpReply.Answer carryOut(Call call, String accessKeyId) {
    try {
      synchronized (account) {
        if (call.isWrite()) {
          staleReads.beforeWrite(account);
        }
        IamAccount seen = call.isWrite() ? account : staleReads.seenByRead().orElse(account);
        String answer = IamOperations.answer(seen, call);
        if (call.isWrite()) {
          audience.accept(call, accessKeyId);
        }
        return new HttpReply.Answer(200, XML, answer);
      }
    } catch (IamException e) {
      return error(e.error(), IamXml.NAMESPACE);
    }
  }

  private static HttpReply truncated(HttpReply.Answer answer) {
    return new HttpReply.Answer(
        answer.status(), XML, answer.body().substring(0, answer.body().length() / 2));
  }

  private static HttpReply.Answer error(IamError error, String namespace) {
    return new HttpReply.Answer(
        error.status(),
        XML,
        IamXml.document(
            "ErrorResponse",
            namespace,
            xml ->
                xml.element(
                        "Error",
                        inner ->
                            inner
                                .element("Type", error.type())
                                .element("Code", error.code())
                                .element("Message", error.message()))
                    .element("RequestId", UUID.randomUUID())));
  }

  private static boolean isSigned(HttpRequest request, Map<String, String> form) {
    return request.header("authorization").filter(value -> value.startsWith("AWS4-")).isPresent()
        || form.containsKey("X-Amz-Signature");
  }

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
  private static String accessKeyId(String authorization) {
    return authorization.replaceFirst(".*Credential=([^/]+)/.*", "$1");
  }

  /** The query string and the body carry the same fields; a client may use either. */
  private static Map<String, String> form(HttpRequest request) {
    Map<String, String> form = new LinkedHashMap<>();
    addFields(form, Optional.ofNullable(request.target().getRawQuery()).orElse(""));
    addFields(form, request.body());
    return form;
  }

  private static void addFields(Map<String, String> form, String encoded) {
    for (String field : encoded.split("&", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        form.put(decoded(field.substring(0, equals)), decoded(field.substring(equals + 1)));
      }
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void sleep(Duration time) {
    if (time.isPositive()) {
      try {
        Thread.sleep(time);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
