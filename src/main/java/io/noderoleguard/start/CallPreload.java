package io.noderoleguard.start;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.net.ssl.SSLContext;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;

/**
 * Loads the JDK classes that a call to IAM needs besides the handshake: trusted certificates, HTTP,
 * XML, signatures, virtual threads. None of them logs, so that they can be loaded while the log is
 * being started, for which all of the AWS SDK waits.
 */
final class CallPreload {

  private CallPreload() {}

  /** Loads them, and connects to nothing. */
  static void load()
      throws IOException, GeneralSecurityException, XMLStreamException, InterruptedException {
    Pipe pipe = Pipe.open();
    // Blocks in a read, like a thread that waits for IAM's response.
    Thread reader = Thread.ofVirtual().start(() -> readFrom(pipe.source()));
    try (var _ = pipe.source();
        var _ = pipe.sink()) {
      SSLContext.getInstance("TLS").init(null, null, null);
      URI.create("https://iam.amazonaws.com").toURL().openConnection();
      XMLEventReader xml =
          XMLInputFactory.newInstance()
              .createXMLEventReader(
                  new ByteArrayInputStream("<a xmlns='b'>c</a>".getBytes(StandardCharsets.UTF_8)));
      while (xml.hasNext()) {
        xml.nextEvent();
      }
      MessageDigest.getInstance("SHA-256");
      Mac.getInstance("HmacSHA256");
      pipe.sink().write(ByteBuffer.allocate(1));
      reader.join();
    }
  }

  private static void readFrom(ReadableByteChannel channel) {
    try {
      int _ = channel.read(ByteBuffer.allocate(1));
    } catch (IOException closed) {
      // Then there is nothing to wait for.
    }
  }
}
