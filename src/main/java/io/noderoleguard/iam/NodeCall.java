package io.noderoleguard.iam;

import io.noderoleguard.role.Home;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.ContextEntry;
import software.amazon.awssdk.services.iam.model.ContextKeyTypeEnum;

/** A call that a node makes, as a simulation takes it: by the values of condition keys. */
final class NodeCall {

  private NodeCall() {}

  /**
   * What is assumed of a node's calls and may be otherwise. A denial counts only if it stands
   * without the assumption as well: IAM does not say which conditions of the organization's
   * policies lack a value, and a negated condition that lacks one denies.
   */
  enum Doubt {
    /** Nodes need not be in the guard's Region. */
    REGION("aws:RequestedRegion"),
    /**
     * Who keeps calls within a network has to let AWS services call on behalf of nodes: what is
     * allowed to them depends on where a call comes from. See <a
     * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html">data
     * perimeters</a>.
     */
    CALLER("aws:ViaAWSService");

    private final String key;

    Doubt(String key) {
      this.key = key;
    }

    /** The condition key that it is about. */
    String key() {
      return key;
    }
  }

  /**
   * What is certain of each call that a node makes, and what is assumed: it is made now, with
   * credentials issued now, by the role, over TLS, in the guard's Region, and by the node itself.
   * Where it comes from and what it is about is not known.
   */
  static List<ContextEntry> context(String roleArn, Home home, Optional<Doubt> doubt) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    boolean viaService = doubt.equals(Optional.of(Doubt.CALLER));
    List<ContextEntry> context = new ArrayList<>();
    context.add(entry("aws:TokenIssueTime", ContextKeyTypeEnum.DATE, now.toString()));
    context.add(entry("aws:CurrentTime", ContextKeyTypeEnum.DATE, now.toString()));
    context.add(
        entry("aws:EpochTime", ContextKeyTypeEnum.NUMERIC, String.valueOf(now.getEpochSecond())));
    context.add(entry("aws:SecureTransport", ContextKeyTypeEnum.BOOLEAN, "true"));
    context.add(entry("aws:PrincipalIsAWSService", ContextKeyTypeEnum.BOOLEAN, "false"));
    context.add(entry(Doubt.CALLER.key, ContextKeyTypeEnum.BOOLEAN, String.valueOf(viaService)));
    context.add(entry("aws:PrincipalArn", ContextKeyTypeEnum.STRING, roleArn));
    context.add(entry("aws:PrincipalType", ContextKeyTypeEnum.STRING, "AssumedRole"));
    Home.ofArn(roleArn)
        .flatMap(Home::account)
        .ifPresent(id -> context.add(entry("aws:PrincipalAccount", ContextKeyTypeEnum.STRING, id)));
    home.region()
        .filter(_ -> !doubt.equals(Optional.of(Doubt.REGION)))
        .ifPresent(id -> context.add(entry(Doubt.REGION.key, ContextKeyTypeEnum.STRING, id)));
    return List.copyOf(context);
  }

  private static ContextEntry entry(String key, ContextKeyTypeEnum type, String value) {
    return ContextEntry.builder()
        .contextKeyName(key)
        .contextKeyType(type)
        .contextKeyValues(value)
        .build();
  }
}
