package io.noderoleguard.local.iam;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a role's policies, its boundary and its organization's policies add up to.
 *
 * <p>Whether an action takes resources of a type is not known here: IAM denies {@code s3:GetObject}
 * on a user even where a policy allows it on {@code *}; here it is allowed.
 *
 * @param identity the role's own policies, inline and attached
 * @param boundary none where the role has no permissions boundary
 * @param organization the service control policies of each level above the account, and of the
 *     account; none where it is in no organization
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html">
 *     the evaluation logic</a>
 */
record PolicyEvaluation(
    List<PolicySource> identity,
    Optional<PolicySource> boundary,
    List<List<PolicySource>> organization) {

  /** The outcome, worst last. */
  enum Decision {
    ALLOWED("allowed"),
    IMPLICIT_DENY("implicitDeny"),
    EXPLICIT_DENY("explicitDeny");

    private final String word;

    Decision(String word) {
      this.word = word;
    }

    /** As the API writes it. */
    String word() {
      return word;
    }
  }

  /** A statement that decided, and the policy it is from. */
  record Match(PolicySource source, PolicyStatement statement) {}

  /**
   * The answer to one request.
   *
   * @param matches the statements that deny it, else those that allow it
   * @param missingKeys the context keys that the policies mention and the request lacks
   * @param allowedByOrganization empty outside an organization
   * @param allowedByBoundary empty without a boundary
   */
  record Verdict(
      Decision decision,
      List<Match> matches,
      Set<String> missingKeys,
      Optional<Boolean> allowedByOrganization,
      Optional<Boolean> allowedByBoundary) {}

  /** Decides on a request. */
  Verdict of(SimulatedRequest request) {
    Decision byOrganization =
        organization.stream()
            .map(level -> decision(matches(level.stream(), request)))
            .reduce(Decision.ALLOWED, PolicyEvaluation::worse);
    Optional<Boolean> allowedByOrganization =
        organization.isEmpty() ? Optional.empty() : Optional.of(byOrganization == Decision.ALLOWED);
    if (byOrganization != Decision.ALLOWED) {
      // The simulation ends here and says nothing of the other policies.
      return new Verdict(
          byOrganization, List.of(), Set.of(), allowedByOrganization, Optional.empty());
    }
    List<Match> ofIdentity = matches(identity.stream(), request);
    List<Match> ofBoundary = matches(boundary.stream(), request);
    Optional<Decision> byBoundary = boundary.map(some -> decision(ofBoundary));
    Decision decision = worse(decision(ofIdentity), byBoundary.orElse(Decision.ALLOWED));
    return new Verdict(
        decision,
        deciding(decision, ofIdentity, ofBoundary),
        decision == Decision.IMPLICIT_DENY ? missingKeys(request) : Set.of(),
        allowedByOrganization,
        byBoundary.map(Decision.ALLOWED::equals));
  }

  private static Decision worse(Decision one, Decision other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static Decision decision(List<Match> matches) {
    if (matches.stream().anyMatch(match -> !match.statement().isAllow())) {
      return Decision.EXPLICIT_DENY;
    }
    return matches.isEmpty() ? Decision.IMPLICIT_DENY : Decision.ALLOWED;
  }

  private static List<Match> matches(Stream<PolicySource> sources, SimulatedRequest request) {
    return sources
        .flatMap(
            source ->
                source.statements().stream()
                    .filter(statement -> statement.matches(request))
                    .map(statement -> new Match(source, statement)))
        .toList();
  }

  /** A boundary allows nothing by itself, so that only what it denies is named. */
  private static List<Match> deciding(
      Decision decision, List<Match> ofIdentity, List<Match> ofBoundary) {
    return switch (decision) {
      case ALLOWED -> ofIdentity;
      case IMPLICIT_DENY -> List.of();
      case EXPLICIT_DENY -> {
        List<Match> denials = new ArrayList<>(ofBoundary);
        denials.addAll(ofIdentity);
        denials.removeIf(match -> match.statement().isAllow());
        yield List.copyOf(denials);
      }
    };
  }

  /**
   * IAM names them only where nothing allows the request, and then those of every statement, also
   * of other actions: a denial that depends on a missing value goes unmentioned.
   *
   * @see <a href="https://github.com/boto/boto3/issues/3111">a report of it</a>
   */
  private Set<String> missingKeys(SimulatedRequest request) {
    Set<String> keys = new LinkedHashSet<>();
    Stream.concat(identity.stream(), boundary.stream())
        .flatMap(source -> source.statements().stream())
        .flatMap(PolicyStatement::contextKeys)
        .filter(key -> request.value(key).isEmpty())
        .forEach(keys::add);
    return keys;
  }
}
