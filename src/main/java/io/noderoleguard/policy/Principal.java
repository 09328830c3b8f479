package io.noderoleguard.policy;

/**
 * Who is trusted.
 *
 * @param type {@code AWS}, {@code Service}, {@code Federated} or {@code CanonicalUser}
 * @param id an ARN, an account number, the name of a service, or {@code *}
 */
public record Principal(String type, String id) {

  /** In the words of a finding: "ec2.amazonaws.com", "everyone (*)". */
  String inWords() {
    if (id.equals("*")) {
      return type.equals("AWS") ? "everyone (*)" : "every %s principal (*)".formatted(type);
    }
    return type.equals("AWS") || type.equals("Service") ? id : type + " " + id;
  }
}
