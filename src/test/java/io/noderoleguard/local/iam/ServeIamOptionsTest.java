package io.noderoleguard.local.iam;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.local.iam.ServeIamOptions.Help;
import io.noderoleguard.local.iam.ServeIamOptions.Serve;
import io.noderoleguard.local.iam.ServeIamOptions.Wrong;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServeIamOptionsTest {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @Test
  void withoutOptionsAnEmptyAccountIsServedToThisMachine() {
    assertThat(ServeIamOptions.parse())
        .isEqualTo(new Serve(5005, LOOPBACK, "123456789012", "aws", false));
  }

  @Test
  void everyOptionIsHonoured() throws Exception {
    assertThat(
            ServeIamOptions.parse(
                "--port",
                "0",
                "--host",
                "0.0.0.0",
                "--account",
                "210987654321",
                "--partition",
                "aws-cn",
                "--drifted"))
        .isEqualTo(new Serve(0, InetAddress.getByName("0.0.0.0"), "210987654321", "aws-cn", true));
  }

  @Test
  void helpWinsOverWhatIsWrong() {
    assertThat(ServeIamOptions.parse("--prot", "--help")).isEqualTo(new Help());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # options          | what is said
          --port 70000       | --port 70000 is not a number from 0 to 65535
          --port -1          | --port -1 is not a number from 0 to 65535
          --port x           | --port x is not a number from 0 to 65535
          --port             | --port needs a value
          --account 12       | --account 12 is not 12 digits
          --partition aws-eu | --partition aws-eu is not one of aws, aws-cn, aws-us-gov
          --prot             | --prot is unknown; accepted are --port, --host, --account, --partition, --drifted and --help
          """)
  void aBadOptionIsNamedWithWhatIsAccepted(String options, String error) {
    assertThat(ServeIamOptions.parse(options.split(" ", -1))).isEqualTo(new Wrong(List.of(error)));
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    assertThat(ServeIamOptions.parse("--port", "x", "--account", "y"))
        .isInstanceOfSatisfying(Wrong.class, wrong -> assertThat(wrong.errors()).hasSize(2));
  }

  @Test
  void theWelcomeSaysHowToUseIt() {
    assertThat(
            new Serve(5005, LOOPBACK, "123456789012", "aws", true)
                .welcome(URI.create("http://127.0.0.1:5005")))
        .contains("export AWS_ENDPOINT_URL_IAM=http://127.0.0.1:5005")
        .contains("its NodeInstanceRole has drifted");
  }

  @Test
  void theProgramEndsWithStatus2OnABadOption() throws Exception {
    Process process = run("--partition", "mars");
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(errors).startsWith("--partition mars is not one of").contains("--drifted");
  }

  @Test
  void theProgramServesUntilItIsEnded() throws Exception {
    Process process = run("--port", "0", "--drifted");
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      String endpoint =
          output
              .lines()
              .filter(line -> line.contains("AWS_ENDPOINT_URL_IAM="))
              .map(line -> line.substring(line.indexOf('=') + 1))
              .findFirst()
              .orElseThrow();

      try (var iam = IamContractTest.client(URI.create(endpoint))) {
        assertThat(iam.listRoleTags(list -> list.roleName(DriftedRole.NAME)).tags()).hasSize(2);
      }
      assertThat(process.isAlive()).isTrue();
    } finally {
      process.destroy();
    }
  }

  private static Process run(String... args) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-classpath",
                System.getProperty("java.class.path"),
                ServeIam.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).start();
  }
}
