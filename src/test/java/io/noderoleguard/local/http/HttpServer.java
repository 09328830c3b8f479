package io.noderoleguard.local.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/**
 * HTTP/1.1 with connections kept open, a virtual thread each. The JDK's own server cannot reset a
 * connection, which is one of the things a client must get through.
 */
public final class HttpServer implements AutoCloseable {

  private static final int MAX_BODY = 8 << 20;

  private final ServerSocket listening;
  private final Function<HttpRequest, HttpReply> handler;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Starts to serve.
   *
   * @param port 0 for a free one
   * @throws UncheckedIOException if the address cannot be listened on
   */
  public HttpServer(InetAddress address, int port, Function<HttpRequest, HttpReply> handler) {
    this.handler = handler;
    try {
      listening = new ServerSocket();
      listening.setReuseAddress(true);
      listening.bind(new InetSocketAddress(address, port), 1024);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen on " + address.getHostAddress() + " port " + port, e);
    }
    Thread.ofVirtual().name("http-accept").start(this::accept);
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Ends at once, with every open connection. */
  @Override
  public void close() {
    closed.countDown();
    closeQuietly(listening);
    connections.forEach(HttpServer::closeQuietly);
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = listening.accept();
        Thread.ofVirtual().name("http-connection").start(() -> serve(connection));
      }
    } catch (IOException e) {
      // How a server socket tells that it was closed; it has nothing left to accept.
      close();
    }
  }

  private void serve(Socket connection) {
    connections.add(connection);
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      OutputStream out = new BufferedOutputStream(connection.getOutputStream(), 1 << 16);
      String requestLine = readLine(in);
      while (!requestLine.isEmpty() && closed.getCount() > 0) {
        HttpRequest request = readRequest(requestLine, in, out);
        if (!reply(connection, out, handler.apply(request), request)) {
          return;
        }
        requestLine = readLine(in);
      }
    } catch (IOException | IllegalArgumentException e) {
      // The client left, or what it sends is no HTTP: it learns from the closed connection.
      closeQuietly(connection);
    } finally {
      connections.remove(connection);
    }
  }

  /** Whether another request may follow on the connection. */
  private boolean reply(Socket connection, OutputStream out, HttpReply reply, HttpRequest request)
      throws IOException {
    return switch (reply) {
      case HttpReply.Answer answer -> {
        boolean last = request.header("connection").filter("close"::equalsIgnoreCase).isPresent();
        write(out, answer, last);
        yield !last;
      }
      case HttpReply.Reset() -> {
        reset(connection);
        yield false;
      }
      case HttpReply.Silence() -> {
        awaitClose();
        yield false;
      }
    };
  }

  private static void write(OutputStream out, HttpReply.Answer answer, boolean last)
      throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    StringBuilder headers = new StringBuilder(last ? "Connection: close\r\n" : "");
    answer.headers().forEach((name, value) -> headers.append("%s: %s\r\n".formatted(name, value)));
    String head =
        "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"
            .formatted(
                answer.status(),
                answer.status() < 400 ? "OK" : "Error",
                answer.contentType(),
                body.length,
                headers);
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
  }

  /** Closing with a linger time of zero sends RST instead of FIN. */
  private static void reset(Socket connection) throws SocketException {
    connection.setSoLinger(true, 0);
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpRequest readRequest(String requestLine, InputStream in, OutputStream out)
      throws IOException {
    String[] parts = requestLine.split(" ", -1);
    if (parts.length != 3) {
      throw new IOException("no request line: " + requestLine);
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    byte[] body =
        headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")
            ? readChunks(in)
            : readBytes(in, Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return new HttpRequest(
        parts[0], URI.create(parts[1]), headers, new String(body, StandardCharsets.UTF_8));
  }

  private static byte[] readChunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int size = chunkSize(in);
    while (size > 0) {
      body.write(readBytes(in, size));
      readLine(in);
      size = chunkSize(in);
    }
    readLine(in);
    return body.toByteArray();
  }

  private static int chunkSize(InputStream in) throws IOException {
    String line = readLine(in);
    int extension = line.indexOf(';');
    return Integer.parseInt(extension < 0 ? line : line.substring(0, extension), 16);
  }

  private static byte[] readBytes(InputStream in, int length) throws IOException {
    if (length > MAX_BODY) {
      throw new IOException("a body of " + length + " bytes is too long");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("the body ended early");
    }
    return bytes;
  }

  /** A line without its end; empty at the end of the stream. */
  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {
      line.write(read);
      if (line.size() > MAX_BODY) {
        throw new IOException("a line is too long");
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot close " + closeable, e);
    }
  }
}
