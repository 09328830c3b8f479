package io.noderoleguard.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.MotoServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkClientException;

@Timeout(120)
final class LocalRunTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private int run(String... args) {
    return LocalRun.run(List.of(args), new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theTourShowsARepairAQuietNightAndAResponse() {
    assertThat(run()).as(this::printed).isZero();

    assertThat(printed())
        .containsSubsequence(
            "The role before",
            "arn:aws:iam::999999999999:root",
            "NodeInstanceRole: REPAIRED",
            "7 of them writes",
            "The role after",
            "NodeInstanceRole: COMPLIANT",
            "0 of them writes",
            "A pipeline detaches a policy",
            "NodeInstanceRole: REPAIRED",
            "1 of them writes",
            "The message: NodeInstanceRole is REPAIRED. AmazonEKS_CNI_Policy was detached at ",
            " by arn:aws:sts::123456789012:assumed-role/ci/build-7 (Terraform, 203.0.113.10);"
                + " attached again ",
            "\"Status\" : \"SUCCESS\"",
            "Nodes can join while there is no role: no",
            "NodeInstanceRole: REPAIRED",
            "2 of them writes\n  Nodes can join after that night: yes",
            "NodeInstanceRole: COMPLIANT",
            "calls to EKS, 0 of them writes",
            "All went as it should.")
        .doesNotContain("X-Amz-Signature", "ResponseURL");
  }

  @Test
  void theTourOfAnAuditChangesNothing() {
    assertThat(run("--mode", "Audit", "--role", "AnotherRole")).as(this::printed).isZero();

    assertThat(printed())
        .containsSubsequence("AnotherRole: DRIFTED", "0 of them writes", "\"Status\" : \"FAILED\"");
  }

  @Test
  void anEventOfOnesOwnIsSentInsteadOfTheTour(@TempDir Path folder) throws Exception {
    Path event = Files.writeString(folder.resolve("mine.json"), "{\"mode\":\"Audit\"}");

    assertThat(run("--event", event.toString())).as(this::printed).isZero();

    assertThat(printed()).contains("\"status\" : \"DRIFTED\"", "Writes: 0");
  }

  @Test
  void aChangeThatCloudTrailSawIsSent(@TempDir Path folder) throws Exception {
    String change =
        Files.readString(
            Path.of("src/test/resources/cloudtrail/03-detach-role-policy-terraform.json"));
    Path event = Files.writeString(folder.resolve("change.json"), change);
    Path queued =
        Files.writeString(
            folder.resolve("queued.json"),
            """
            {"Records":[{"messageId":"1","eventSource":"aws:sqs","body":%s}]}"""
                .formatted(new ObjectMapper().writeValueAsString(change)));

    assertThat(run("--event", event.toString())).as(this::printed).isZero();
    assertThat(printed())
        .contains("\"type\" : \"RoleChanged\"", "\"with\" : \"Terraform\"", "Writes: 7");

    assertThat(run("--event", queued.toString())).as(this::printed).isZero();
    assertThat(printed()).contains("\"batchItemFailures\" : [ ]");
  }

  @Test
  void anEventOfCloudFormationsIsAnsweredToAReceiverOnThisMachine() {
    assertThat(run("--event", "events/cfn-create.json")).as(this::printed).isZero();

    assertThat(printed())
        .contains("CloudFormation gets:", "\"Status\" : \"SUCCESS\"")
        .doesNotContain("X-Amz-Signature", "ResponseURL");
  }

  @Test
  void anEventThatIsRefusedIsAFailure(@TempDir Path folder) throws Exception {
    Path event = Files.writeString(folder.resolve("foreign.json"), "{\"Records\":[]}");

    assertThat(run("--event", event.toString())).isEqualTo(1);

    assertThat(printed()).contains("The invocation failed:", "Writes: 0");
  }

  @Test
  void aTourThatFailsSaysWhatWasExpectedAndWhatCame() {
    try (EmbeddedIam iam = EmbeddedIam.start()) {
      iam.faults().always("UpdateAssumeRolePolicy", new Fault.Denied());

      assertThat(run("--endpoint", iam.endpoint().toString())).isEqualTo(1);
    }

    assertThat(printed())
        .contains(
            "The invocation failed:",
            "This did not go as it should:",
            "the trust policy: expected [Allow Service ec2.amazonaws.com: sts:AssumeRole], came"
                + " [Allow Service ec2.amazonaws.com and AWS arn:aws:iam::999999999999:root:"
                + " sts:AssumeRole]");
  }

  @Test
  void theTourGoesTheSameOnAStrangersIam() throws Exception {
    try (MotoServer moto = MotoServer.startOrSkip("the tour is not taken on moto")) {
      assertThat(run("--endpoint", moto.endpoint().toString())).as(this::printed).isZero();
    }

    assertThat(printed()).contains("NodeInstanceRole: REPAIRED", "All went as it should.");
  }

  @Test
  void anEndpointWhereNothingListensIsAFailure() {
    assertThat(run("--endpoint", "http://127.0.0.1:1")).isEqualTo(1);

    assertThat(printed())
        .isEqualTo(
            "\nThis went wrong: http://127.0.0.1:1 cannot be reached: Connection refused.\n");
  }

  @Test
  void anEndpointOnAnUnknownHostIsNamed() {
    assertThat(run("--endpoint", "http://iam.invalid:5000")).isEqualTo(1);

    assertThat(printed())
        .contains("http://iam.invalid:5000 cannot be reached: no host is named iam.invalid.");
  }

  @Test
  void withoutCredentialsTheRemedyIsNamed() {
    Exception none =
        SdkClientException.create(
            "Unable to load credentials from any of the providers in the chain"
                + " AwsCredentialsProviderChain(credentialsProviders=[...])");

    assertThat(Failure.explain(none, new LocalRunOptions.Target.RealAccount()))
        .startsWith("no AWS credentials were found. Sign in as for the AWS CLI")
        .doesNotContain("Chain");
  }

  @Test
  void theRoleThatTheEventNamesIsShown(@TempDir Path folder) throws Exception {
    Path event =
        Files.writeString(
            folder.resolve("mine.json"),
            Files.readString(Path.of("events", "cfn-create.json"))
                .replace("\"NodeInstanceRole\"", "\"MyRole\""));

    assertThat(run("--event", event.toString())).as(this::printed).isZero();

    assertThat(printed())
        .contains("Role MyRole,", "role/MyRole")
        .doesNotContain("NodeInstanceRole");
  }

  @Test
  void anEventForAnotherRoleIsRefused() {
    assertThat(run("--role", "MyRole", "--event", "events/cfn-create.json")).isEqualTo(1);

    assertThat(printed()).contains("--role MyRole is not the event's role, NodeInstanceRole");
  }

  @Test
  void aByteOrderMarkIsNamed(@TempDir Path folder) throws Exception {
    Path event = Files.writeString(folder.resolve("mine.json"), "\uFEFF{}");

    assertThat(run("--event", event.toString())).isEqualTo(1);

    assertThat(printed()).contains("begins with a byte order mark; save it as UTF-8 without one");
  }

  @Test
  void helpExplainsEveryOption() {
    assertThat(run("--help")).isZero();

    assertThat(printed())
        .contains("--event", "--endpoint", "--real-account", "--mode", "--role", "--help");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # options                                       | said
          --verbose                                       | --verbose is unknown; accepted are --event
          --event                                         | --event needs a value
          --event no-such-file.json                       | no-such-file.json is not a readable file
          --event events                                  | events is not a readable file
          --mode repair                                   | --mode repair is neither Repair nor Audit
          --real-account --mode Repair --event events/cfn-create.json | takes no event of CloudFormation's
          --role a/b                                      | --role a/b is not the name of a role
          --endpoint localhost:5000                       | is not an http or https URL
          --endpoint https://iam.amazonaws.com            | there is --real-account
          --real-account --endpoint http://localhost:5000 | exclude each other
          """,
      delimiter = '|')
  void aWrongOptionIsNamed(String options, String said) {
    assertThat(run(options.split(" ", -1))).isEqualTo(1);

    assertThat(printed()).contains(said);
  }

  @Test
  void allWrongOptionsAreNamedAtOnce() {
    assertThat(run("--mode", "off", "--role", "", "--fast")).isEqualTo(1);

    assertThat(printed()).contains("--mode off", "--role ", "--fast");
  }
}
