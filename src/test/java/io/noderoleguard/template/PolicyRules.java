package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Asks moto's copy of the rules by which IAM refuses a policy as malformed. */
final class PolicyRules {

  private static final JsonMapper JSON = new JsonMapper();

  private PolicyRules() {}

  /** Why IAM would refuse each policy, in their order; empty where it would take the policy. */
  static List<String> refusals(List<JsonNode> policies) throws Exception {
    Assumptions.assumeTrue(
        Tool.works("python3", "-c", "import moto.iam.policy_validation"), "moto is not installed");
    Path file = Files.createTempFile("policies", ".json");
    try {
      JSON.writeValue(file.toFile(), policies);
      Tool.Run run =
          Tool.run(
              Path.of(""), "python3", "src/test/resources/template/accepted.py", file.toString());
      assertThat(run.exitCode()).as(run.errors()).isZero();
      List<String> refusals = new ArrayList<>();
      JSON.readTree(run.output()).forEach(refusal -> refusals.add(refusal.asText()));
      assertThat(refusals).hasSameSizeAs(policies);
      return refusals;
    } finally {
      Files.delete(file);
    }
  }
}
