package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * Asks a stranger's implementation of IAM's evaluation whether a policy allows a request.
 *
 * <p>It is a Node.js program under the AGPL: installed into target/ at need and run as a process of
 * its own.
 */
final class PolicySimulator {

  /**
   * A request of the role that has the policies.
   *
   * @param boundary none or one
   * @param organization the service control policies of each level, from the root to the account
   * @param context a text of each key, or a list of texts
   */
  record Request(
      List<JsonNode> policies,
      List<JsonNode> boundary,
      List<List<JsonNode>> organization,
      String principal,
      String account,
      String action,
      String resource,
      Map<String, ?> context) {

    /** A request of a role with one policy, which nothing else narrows. */
    Request(
        JsonNode policy,
        String principal,
        String account,
        String action,
        String resource,
        Map<String, String> context) {
      this(List.of(policy), List.of(), List.of(), principal, account, action, resource, context);
    }
  }

  private static final JsonMapper JSON = new JsonMapper();
  private static final Path SOURCE = Path.of("src", "test", "policy-simulator");
  private static final Path INSTALLED = Path.of("target", "policy-simulator");
  private static final Pattern NO_NETWORK =
      Pattern.compile(
          "ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ENOTCACHED");

  private PolicySimulator() {}

  /**
   * The answers to requests, in their order: {@code Allowed}, {@code ImplicitlyDenied}, {@code
   * ExplicitlyDenied}, or an error that names what IAM does not know.
   */
  static List<String> evaluate(List<Request> requests) throws Exception {
    install();
    Path file = INSTALLED.resolve("requests.json");
    JSON.writeValue(file.toFile(), requests);
    Tool.Run run = Tool.run(INSTALLED, "node", "evaluate.mjs", "requests.json");
    assertThat(run.exitCode()).as(run.errors()).isZero();
    JsonNode answers = JSON.readTree(run.output());
    assertThat(answers).isInstanceOf(ArrayNode.class).hasSameSizeAs(requests);
    return answers.valueStream().map(JsonNode::asText).toList();
  }

  private static void install() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Tool.works("node", "--version"), "Node.js (node) is not installed");
    Assumptions.assumeTrue(Tool.works("npm", "--version"), "npm is not installed");
    Files.createDirectories(INSTALLED);
    copy("evaluate.mjs");
    copy("package.json");
    // npm writes this when all is installed.
    boolean isInstalled =
        Files.exists(INSTALLED.resolve(Path.of("node_modules", ".package-lock.json")));
    if (!copy("package-lock.json") && isInstalled) {
      return;
    }
    Tool.Run run = Tool.run(INSTALLED, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
    Assumptions.assumeFalse(
        run.exitCode() != 0 && NO_NETWORK.matcher(run.errors()).find(),
        "@cloud-copilot/iam-simulate is not installed, and npm reaches no registry");
    assertThat(run.exitCode()).as(run.errors()).isZero();
  }

  /** Whether the copy is a change. */
  private static boolean copy(String name) throws IOException {
    Path source = SOURCE.resolve(name);
    Path target = INSTALLED.resolve(name);
    if (Files.exists(target) && Files.mismatch(source, target) < 0) {
      return false;
    }
    Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }
}
