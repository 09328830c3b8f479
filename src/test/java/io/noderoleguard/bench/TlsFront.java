package io.noderoleguard.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * TLS in front of a plain HTTP server, with a key that is made for it and thrown away.
 *
 * @see #trustStore() what a client must trust
 */
final class TlsFront implements AutoCloseable {

  private static final String PASSWORD = "throw-away";

  private final ServerSocket listening;
  private final int behind;
  private final Path trustStore;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  /**
   * @param folder where key and trust store are put
   */
  TlsFront(URI server, Path folder) throws IOException, InterruptedException {
    Path keys = folder.resolve("key.p12");
    trustStore = folder.resolve("trust.p12");
    makeKey(keys);
    try {
      KeyStore key = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
      writeTrustStore(key);
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(key, PASSWORD.toCharArray());
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(managers.getKeyManagers(), null, null);
      listening =
          tls.getServerSocketFactory()
              .createServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    behind = server.getPort();
    Thread.ofVirtual().name("tls-accept").start(this::accept);
  }

  URI endpoint() {
    return URI.create("https://127.0.0.1:" + listening.getLocalPort());
  }

  /** The JDK's own, and the key's certificate: loading it takes what it takes in Lambda. */
  Path trustStore() {
    return trustStore;
  }

  private static void makeKey(Path keys) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-alias",
                "front",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD)
            .inheritIO()
            .start();
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("keytool ended with " + keytool.exitValue());
    }
  }

  private void writeTrustStore(KeyStore key) throws IOException, GeneralSecurityException {
    // So that it can be read without a password, as the JDK's own can.
    System.setProperty("keystore.pkcs12.certProtectionAlgorithm", "NONE");
    System.setProperty("keystore.pkcs12.macAlgorithm", "NONE");
    Path ofJdk = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    try (InputStream certificates = Files.newInputStream(ofJdk)) {
      trusted.load(certificates, null);
    }
    trusted.setCertificateEntry("front", key.getCertificate("front"));
    try (OutputStream file = Files.newOutputStream(trustStore)) {
      trusted.store(file, PASSWORD.toCharArray());
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), behind);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        connections.add(client);
        connections.add(server);
        Thread.ofVirtual().start(() -> pump(client, server));
        Thread.ofVirtual().start(() -> pump(server, client));
      }
    } catch (IOException closed) {
      close();
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException left) {
      // A client whose JVM was ended just leaves.
      connections.remove(from);
    }
    connections.remove(from);
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
