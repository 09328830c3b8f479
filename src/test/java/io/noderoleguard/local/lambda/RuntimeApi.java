package io.noderoleguard.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.noderoleguard.local.lambda.Invocation.FunctionError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The HTTP interface between Lambda and one JVM of a function.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Runtime API</a>
 */
final class RuntimeApi implements AutoCloseable {

  static {
    // The server writes headers and body apart: with Nagle's algorithm each answer takes 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final String ROOT = "/2018-06-01/runtime/";
  private static final String INVOCATION = ROOT + "invocation/";
  private static final byte[] ACCEPTED = "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] UNKNOWN_REQUEST =
      "{\"errorType\":\"InvalidRequestID\",\"errorMessage\":\"no such invocation\"}"
          .getBytes(StandardCharsets.UTF_8);

  /** What the function's runtime posted about an event. */
  sealed interface Posted {
    record Answer(String body) implements Posted {}

    record Failure(String body) implements Posted {}
  }

  private record Event(
      String requestId,
      Map<String, String> headers,
      ByteBuffer body,
      CompletableFuture<Posted> posted) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> initialized = new CompletableFuture<>();
  private final CompletableFuture<Void> restore = new CompletableFuture<>();
  private final CompletableFuture<Void> polling = new CompletableFuture<>();
  private final CompletableFuture<FunctionError> startError = new CompletableFuture<>();
  private volatile Optional<Event> current = Optional.empty();

  RuntimeApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(ROOT, this::handle);
    server.start();
  }

  /** What AWS_LAMBDA_RUNTIME_API is set to. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Completes when the function's code is initialized, under SnapStart when it can be frozen. */
  CompletableFuture<Void> initialized() {
    return initialized;
  }

  /** Completes when the runtime asks for its first event. */
  CompletableFuture<Void> polling() {
    return polling;
  }

  /** Completes with what went wrong, if the initialization or the restore hooks fail. */
  CompletableFuture<FunctionError> startError() {
    return startError;
  }

  /** Under SnapStart: lets the function go on, as after a restore. */
  void restore() {
    restore.complete(null);
  }

  /** Hands the next event to the runtime, with these headers; completes with what it posts. */
  CompletableFuture<Posted> send(String requestId, Map<String, String> headers, byte[] body) {
    CompletableFuture<Posted> posted = new CompletableFuture<>();
    events.add(new Event(requestId, headers, ByteBuffer.wrap(body), posted));
    return posted;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      switch (exchange.getRequestMethod() + " " + path) {
        case "GET " + INVOCATION + "next" -> next(exchange);
        case "GET " + ROOT + "restore/next" -> {
          initialized.complete(null);
          restore.join();
          reply(exchange, 200, new byte[0]);
        }
        case "POST " + ROOT + "init/error", "POST " + ROOT + "restore/error" -> {
          startError.complete(PostedError.parse(new String(body, StandardCharsets.UTF_8)));
          accepted(exchange);
        }
        default -> posted(exchange, path, new String(body, StandardCharsets.UTF_8));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void next(HttpExchange exchange) throws IOException, InterruptedException {
    initialized.complete(null);
    polling.complete(null);
    Event event = events.take();
    current = Optional.of(event);
    event.headers().forEach(exchange.getResponseHeaders()::set);
    reply(exchange, 200, event.body().array());
  }

  private void posted(HttpExchange exchange, String path, String body) throws IOException {
    Optional<Event> about =
        current.filter(event -> path.startsWith(INVOCATION + event.requestId() + "/"));
    if (about.isPresent() && path.endsWith("/response")) {
      about.get().posted().complete(new Posted.Answer(body));
      accepted(exchange);
    } else if (about.isPresent() && path.endsWith("/error")) {
      about.get().posted().complete(new Posted.Failure(body));
      accepted(exchange);
    } else {
      reply(exchange, 400, UNKNOWN_REQUEST);
    }
  }

  private static void accepted(HttpExchange exchange) throws IOException {
    reply(exchange, 202, ACCEPTED);
  }

  private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    restore.cancel(false);
    threads.shutdownNow();
    server.stop(0);
  }
}
