package io.noderoleguard.start;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Exercises the JDK classes that a <a href="https://www.rfc-editor.org/rfc/rfc8446">TLS 1.3</a>
 * handshake needs, except those that need a server's private key. Nothing leaves the machine; the
 * keys are discarded.
 */
final class HandshakePreload {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private HandshakePreload() {}

  static void load() throws GeneralSecurityException, SSLException {
    greet();
    agreeOnAKey();
    checkACertificate();
  }

  /** Makes the first message. */
  private static void greet() throws GeneralSecurityException, SSLException {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, null, null);
    SSLEngine client = tls.createSSLEngine();
    client.setUseClientMode(true);
    client.wrap(NOTHING, ByteBuffer.allocate(client.getSession().getPacketBufferSize()));
  }

  /** Agrees with itself, and encrypts nothing. */
  private static void agreeOnAKey() throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
    KeyAgreement agreement = KeyAgreement.getInstance("X25519");
    agreement.init(pair.getPrivate());
    agreement.doPhase(pair.getPublic(), true);
    byte[] shared = agreement.generateSecret();
    SecretKey key =
        KDF.getInstance("HKDF-SHA384")
            .deriveKey("AES", HKDFParameterSpec.ofExtract().addIKM(shared).thenExpand(null, 32));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, new byte[12]));
    byte[] _ = cipher.doFinal();
  }

  /** Shows an authority's certificate as if it were a server's, and is refused. */
  private static void checkACertificate() throws GeneralSecurityException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init((KeyStore) null);
    for (TrustManager manager : trust.getTrustManagers()) {
      if (manager instanceof X509TrustManager authorities
          && authorities.getAcceptedIssuers().length > 0) {
        X509Certificate[] shown = {authorities.getAcceptedIssuers()[0]};
        try {
          authorities.checkServerTrusted(shown, "UNKNOWN");
        } catch (CertificateException refused) {
          // As it should be
        }
      }
    }
  }
}
