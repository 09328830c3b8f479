package io.noderoleguard.local.cloudformation;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The place that CloudFormation's pre-signed {@code ResponseURL} points to, on loopback. It is as
 * strict as S3 is about the signed request, records what arrives, and can be told to misbehave.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html">Response
 *     objects</a>
 */
public final class CloudFormationReceiver implements AutoCloseable {

  private static final String TARGET =
      "/arn%3Aaws%3Acloudformation%3Aeu-central-1%3A123456789012%3Astack/node-role"
          + "/51af3dc0-da77-11e4-872e-1234567db123%7CNodeRole%7C"
          + "5478d2f1-1b5c-4f6e-9f5c-7f1c1a1b2c3d"
          + "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260101T030000Z&X-Amz-SignedHeaders=host"
          + "&X-Amz-Expires=7199&X-Amz-Credential=local%2F20260101%2Feu-central-1%2Fs3%2Faws4_request"
          + "&X-Amz-Signature=0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

  /** A header as it was sent. */
  public record Header(String name, String value) {}

  /**
   * A request as it was sent.
   *
   * @param target path and query
   * @param body the bytes, which are UTF-8
   * @param status what it was answered with; 0 if with nothing
   */
  public record Request(
      String method, String target, List<Header> headers, String body, int status) {
    public Request {
      headers = List.copyOf(headers);
    }

    /** The first header of this name, in whatever letter case. */
    public Optional<String> header(String name) {
      return headers.stream()
          .filter(header -> header.name().equalsIgnoreCase(name))
          .map(Header::value)
          .findFirst();
    }

    /** Whether CloudFormation would have taken it as the answer. */
    public boolean accepted() {
      return status >= 200 && status < 300;
    }
  }

  /** How one request is met. */
  public sealed interface Reaction {

    /** With this status, whatever was sent. */
    record Status(int status) implements Reaction {}

    /** With a redirection there. */
    record Redirect(URI location) implements Reaction {}

    /** As usual, but this much later. */
    record Slow(Duration delay) implements Reaction {}

    /** The connection is reset after the request was read. */
    record Reset() implements Reaction {}

    /** Never; the connection stays open until the receiver is closed. */
    record Silence() implements Reaction {}
  }

  private final ServerSocket listening;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final List<Request> requests = new ArrayList<>();
  private final Queue<Reaction> script = new ArrayDeque<>();

  private CloudFormationReceiver() {
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("answers to CloudFormation").start(this::accept);
  }

  public static CloudFormationReceiver start() {
    return new CloudFormationReceiver();
  }

  /** A pre-signed URL as CloudFormation makes them, but for its host. */
  public URI responseUrl() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort() + TARGET);
  }

  /** Meets the next requests like this, one each; those after them are met as usual. */
  public void expect(Reaction... reactions) {
    lock.lock();
    try {
      script.addAll(List.of(reactions));
    } finally {
      lock.unlock();
    }
  }

  /** All that arrived so far, in order. */
  public List<Request> requests() {
    lock.lock();
    try {
      return List.copyOf(requests);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the first request that is accepted. */
  public Request awaitAnswer(Duration limit) throws InterruptedException, TimeoutException {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (true) {
        Optional<Request> answer = requests.stream().filter(Request::accepted).findFirst();
        if (answer.isPresent()) {
          return answer.get();
        }
        if (left <= 0) {
          throw new TimeoutException(
              "no answer was accepted within %s; what arrived was met with %s"
                  .formatted(limit, requests.stream().map(Request::status).toList()));
        }
        left = arrived.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends at once, with every open connection. */
  @Override
  public void close() {
    closed.countDown();
    try {
      listening.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket connection = listening.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        if (!listening.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      Request request = read(new BufferedInputStream(connection.getInputStream()));
      react(connection, request);
    } catch (IOException e) {
      // The client left; what it sent in part is no request.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(connection);
    }
  }

  /** The request with the status that S3 would answer. */
  private static Request read(InputStream in) throws IOException {
    String[] requestLine = line(in).split(" ", 3);
    if (requestLine.length != 3) {
      throw new EOFException("no request line");
    }
    List<Header> headers = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String[] parts = line.split(":", 2);
      headers.add(new Header(parts[0], parts.length == 2 ? parts[1].strip() : ""));
    }
    Request request = new Request(requestLine[0], requestLine[1], headers, "", 0);
    Optional<Integer> length = request.header("Content-Length").map(Integer::valueOf);
    ByteBuffer body = ByteBuffer.wrap(in.readNBytes(length.orElse(0)));
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(body).toString();
      return answered(request, text, length.isEmpty() ? 411 : usualStatus(request));
    } catch (CharacterCodingException e) {
      return answered(request, "", 400);
    }
  }

  private static Request answered(Request request, String body, int status) {
    return new Request(request.method(), request.target(), request.headers(), body, status);
  }

  private static int usualStatus(Request request) {
    // The signature covers method, path and query, and an empty Content-Type.
    boolean asSigned =
        request.method().equals("PUT")
            && request.target().equals(TARGET)
            && request.header("Content-Type").orElse("").isEmpty();
    return asSigned ? 200 : 403;
  }

  private void react(Socket connection, Request request) throws IOException, InterruptedException {
    switch (nextReaction()) {
      case Reaction.Status(int status) -> reply(connection, request, status, "");
      case Reaction.Redirect(URI location) ->
          reply(connection, request, 307, "Location: " + location + "\r\n");
      case Reaction.Slow(Duration delay) -> {
        if (!closed.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
          reply(connection, request, request.status(), "");
        }
      }
      case Reaction.Reset() -> {
        record(request, 0);
        // Closing with a linger time of zero sends RST instead of FIN.
        connection.setSoLinger(true, 0);
      }
      case Reaction.Silence() -> {
        record(request, 0);
        closed.await();
      }
    }
  }

  private Reaction nextReaction() {
    lock.lock();
    try {
      return Optional.ofNullable(script.poll()).orElse(new Reaction.Slow(Duration.ZERO));
    } finally {
      lock.unlock();
    }
  }

  private void reply(Socket connection, Request request, int status, String header)
      throws IOException {
    record(request, status);
    String answer =
        "HTTP/1.1 %d \r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n"
            .formatted(status, header);
    connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
  }

  private void record(Request request, int status) {
    lock.lock();
    try {
      requests.add(answered(request, request.body(), status));
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A line without its end; empty at the end of the stream. */
  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {
      line.write(read);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }
}
