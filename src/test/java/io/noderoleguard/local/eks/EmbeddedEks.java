package io.noderoleguard.local.eks;

import io.noderoleguard.local.http.HttpReply;
import io.noderoleguard.local.http.HttpRequest;
import io.noderoleguard.local.http.HttpServer;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.Faults;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.local.iam.IamError;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * EKS on one machine: its REST protocol over HTTP in front of an {@link EksAccount}, for the AWS
 * SDKs, the AWS CLI and {@code sam local}. A call belongs to the Region that it is signed for; the
 * signature itself is not verified.
 */
public final class EmbeddedEks implements AutoCloseable {

  private static final String JSON = "application/json";

  private final EksAccount account;
  private final Faults faults = new Faults();
  private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  private final Deque<Hidden> hidden = new ArrayDeque<>();
  private final InetAddress address;
  private final HttpServer server;
  private int staleReads;

  private record Arrival(EksCall call, long nanos) {}

  /** The state before a write, and how many reads still see it. */
  private static final class Hidden {
    private final EksAccount before;
    private int readsLeft;

    Hidden(EksAccount before, int readsLeft) {
      this.before = before;
      this.readsLeft = readsLeft;
    }
  }

  private EmbeddedEks(EksAccount account, InetAddress address, int port) {
    this.account = account;
    this.address = address;
    this.server = new HttpServer(address, port, this::reply);
  }

  /** Serves an account without clusters, whose roles are those of IAM, on a free port. */
  public static EmbeddedEks start(IamAccount iam) {
    return start(iam, InetAddress.getLoopbackAddress(), 0);
  }

  /**
   * The same at this address.
   *
   * @param port 0 for a free one
   * @throws java.io.UncheckedIOException if the port is taken
   */
  public static EmbeddedEks start(IamAccount iam, InetAddress address, int port) {
    return new EmbeddedEks(new EksAccount(iam), address, port);
  }

  /** What to set as {@code AWS_ENDPOINT_URL_EKS}, or as the client's endpoint override. */
  public URI endpoint() {
    String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
    return URI.create("http://" + host + ":" + server.port());
  }

  /** The state itself, to arrange and to look at without a call. */
  public EksAccount account() {
    return account;
  }

  public Faults faults() {
    return faults;
  }

  /** Every call that has arrived, refused and repeated ones included, in order. */
  public List<EksCall> calls() {
    return arrivals.stream().map(Arrival::call).toList();
  }

  /** The calls among them that could change something. */
  public List<EksCall> writes() {
    return calls().stream().filter(EksCall::isWrite).toList();
  }

  /** How many calls of each action have arrived. */
  public Map<String, Long> counts() {
    return calls().stream()
        .collect(Collectors.groupingBy(EksCall::action, TreeMap::new, Collectors.counting()));
  }

  /** The largest number of calls of one action that arrived within a second, by action. */
  public Map<String, Long> mostCallsWithinASecond() {
    Map<String, Long> most = new TreeMap<>();
    for (Arrival first : arrivals) {
      long count =
          arrivals.stream()
              .filter(each -> each.call().action().equals(first.call().action()))
              .mapToLong(each -> each.nanos() - first.nanos())
              .filter(later -> later >= 0 && later < Duration.ofSeconds(1).toNanos())
              .count();
      most.merge(first.call().action(), count, Math::max);
    }
    return most;
  }

  public void forgetCalls() {
    arrivals.clear();
  }

  /** For so many reads after each write, reads answer from the state before it. */
  public synchronized void staleReads(int reads) {
    hidden.clear();
    staleReads = reads;
  }

  @Override
  public void close() {
    server.close();
  }

  private HttpReply reply(HttpRequest request) {
    Optional<EksCall> call = EksCall.of(request);
    if (call.isEmpty()) {
      return error(new IamError("MissingAuthenticationTokenException", 403, "Missing Token"));
    }
    arrivals.add(new Arrival(call.get(), System.nanoTime()));
    return reply(call.get(), faults.before(call.get().call()));
  }

  private HttpReply reply(EksCall call, List<Fault> arranged) {
    for (Fault fault : arranged) {
      switch (fault) {
        case Fault.Slow(Duration delay) -> sleep(delay);
        case Fault.Meanwhile(Runnable event) -> event.run();
        case Fault.Refused(IamError error) -> {
          return error(error);
        }
        case Fault.Denied() -> {
          return error(EksError.denied(call.action()));
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
          return new HttpReply.Answer(200, JSON, "");
        }
        case Fault.Rewritten(var change) -> {
          HttpReply.Answer answer = carryOut(call);
          return answered(answer.status(), change.apply(answer.body()));
        }
        case Fault.TruncatedXml() -> {
          HttpReply.Answer answer = carryOut(call);
          return new HttpReply.Answer(
              answer.status(),
              JSON,
              answer.body().substring(0, answer.body().length() / 2),
              answer.headers());
        }
        case Fault.AfterwardsInstead(Fault answer) -> {
          HttpReply.Answer lost = carryOut(call);
          return lost.status() == 200 ? reply(call, List.of(answer)) : lost;
        }
      }
    }
    return carryOut(call);
  }

  private synchronized HttpReply.Answer carryOut(EksCall call) {
    try {
      if (call.isWrite() && staleReads > 0) {
        hidden.add(new Hidden(account.copy(), staleReads));
      }
      return answered(200, EksOperations.answer(call.isWrite() ? account : seenByRead(), call));
    } catch (EksAccount.Refusal refusal) {
      return error(refusal.error());
    }
  }

  private EksAccount seenByRead() {
    hidden.removeIf(write -> write.readsLeft <= 0);
    hidden.forEach(write -> write.readsLeft--);
    return Optional.ofNullable(hidden.peek()).map(write -> write.before).orElse(account);
  }

  private static HttpReply.Answer answered(int status, String body) {
    return new HttpReply.Answer(
        status, JSON, body, Map.of("x-amzn-RequestId", UUID.randomUUID().toString()));
  }

  private static HttpReply.Answer error(IamError error) {
    return new HttpReply.Answer(
        error.status(),
        JSON,
        "{\"message\":\"%s\"}".formatted(error.message()),
        Map.of("x-amzn-RequestId", UUID.randomUUID().toString(), "x-amzn-ErrorType", error.code()));
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
