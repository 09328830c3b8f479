package io.noderoleguard.local.iam;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/** Addresses that begin with the same bits, as CIDR notation gives them. */
record IpRange(InetAddress address, int bits) {

  static Optional<IpRange> of(String text) {
    String[] parts = text.split("/", 2);
    return address(parts[0])
        .flatMap(
            address -> {
              int all = address.getAddress().length * Byte.SIZE;
              int bits = parts.length == 1 ? all : bits(parts[1]);
              return bits >= 0 && bits <= all
                  ? Optional.of(new IpRange(address, bits))
                  : Optional.empty();
            });
  }

  boolean holds(String text) {
    return address(text)
        .filter(other -> other.getAddress().length == address.getAddress().length)
        .filter(other -> prefix(other).equals(prefix(address)))
        .isPresent();
  }

  private BigInteger prefix(InetAddress any) {
    byte[] bytes = any.getAddress();
    return new BigInteger(1, bytes).shiftRight(bytes.length * Byte.SIZE - bits);
  }

  private static int bits(String text) {
    return text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
  }

  /** Never a name, which would be looked up. */
  static Optional<InetAddress> address(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
