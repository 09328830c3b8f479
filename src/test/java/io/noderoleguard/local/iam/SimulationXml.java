package io.noderoleguard.local.iam;

import io.noderoleguard.local.iam.PolicyEvaluation.Match;
import io.noderoleguard.local.iam.PolicyEvaluation.Verdict;
import io.noderoleguard.local.iam.PolicyStatement.Position;
import java.util.List;
import java.util.Optional;

/**
 * Writes what a simulation found.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html">the
 *     results</a>
 */
final class SimulationXml {

  private SimulationXml() {}

  static void results(IamXml xml, List<Simulation.Result> results) {
    xml.list("EvaluationResults", results, result -> result(xml, result));
  }

  private static void result(IamXml xml, Simulation.Result result) {
    Verdict verdict = result.verdict();
    xml.element("EvalActionName", result.action())
        .element("EvalResourceName", result.resourceName())
        .element("EvalDecision", verdict.decision().word());
    matches(xml, verdict.matches());
    xml.texts("MissingContextValues", verdict.missingKeys());
    detail(
        xml,
        "OrganizationsDecisionDetail",
        "AllowedByOrganizations",
        verdict.allowedByOrganization());
    boundary(xml, verdict);
    if (!result.resources().isEmpty()) {
      xml.element("EvalDecisionDetails", empty -> {})
          .list("ResourceSpecificResults", result.resources(), each -> resource(xml, each));
    }
  }

  /** Unlike above, what is empty is left out. */
  private static void resource(IamXml xml, Simulation.OfResource result) {
    Verdict verdict = result.verdict();
    xml.element("EvalResourceName", result.resource())
        .element("EvalResourceDecision", verdict.decision().word());
    if (!verdict.matches().isEmpty()) {
      matches(xml, verdict.matches());
    }
    if (!verdict.missingKeys().isEmpty()) {
      xml.texts("MissingContextValues", verdict.missingKeys());
    }
    boundary(xml, verdict);
  }

  private static void matches(IamXml xml, List<Match> matches) {
    xml.list(
        "MatchedStatements",
        matches,
        match -> {
          xml.element("SourcePolicyId", match.source().id())
              .element("SourcePolicyType", match.source().type());
          position(xml, "StartPosition", match.statement().start());
          position(xml, "EndPosition", match.statement().end());
        });
  }

  private static void position(IamXml xml, String name, Position position) {
    xml.element(
        name, inner -> inner.element("Line", position.line()).element("Column", position.column()));
  }

  private static void boundary(IamXml xml, Verdict verdict) {
    detail(
        xml,
        "PermissionsBoundaryDecisionDetail",
        "AllowedByPermissionsBoundary",
        verdict.allowedByBoundary());
  }

  private static void detail(IamXml xml, String name, String member, Optional<Boolean> allowed) {
    allowed.ifPresent(value -> xml.element(name, inner -> inner.element(member, value)));
  }
}
