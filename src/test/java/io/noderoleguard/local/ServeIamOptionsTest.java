package io.noderoleguard.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.local.ServeIamOptions.Help;
import io.noderoleguard.local.ServeIamOptions.Serve;
import io.noderoleguard.local.ServeIamOptions.Wrong;
import io.noderoleguard.local.eks.LocalEksClients;
import io.noderoleguard.local.iam.DriftedRole;
import io.noderoleguard.local.iam.LocalClients;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.AccessEntry;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Role;

final class ServeIamOptionsTest {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @Test
  void withoutOptionsAnEmptyAccountIsServedToThisMachine() {
    assertThat(ServeIamOptions.parse())
        .isEqualTo(new Serve(5005, 5006, LOOPBACK, "123456789012", "aws", false));
  }

  @Test
  void theContainersOfSamFindWhatIsServedWithoutOptions() throws Exception {
    assertThat(Path.of("docs", "sam-local-env.json"))
        .content()
        .contains("-Daws.endpointUrlIam=http://host.docker.internal:5005")
        .contains("-Daws.endpointUrlEks=http://host.docker.internal:5006");
  }

  @Test
  void everyOptionIsHonoured() throws Exception {
    assertThat(
            ServeIamOptions.parse(
                "--port",
                "0",
                "--eks-port",
                "1",
                "--host",
                "0.0.0.0",
                "--account",
                "210987654321",
                "--partition",
                "aws-cn",
                "--drifted"))
        .isEqualTo(
            new Serve(0, 1, InetAddress.getByName("0.0.0.0"), "210987654321", "aws-cn", true));
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
          --eks-port 65536   | --eks-port 65536 is not a number from 0 to 65535
          --port             | --port needs a value
          --account 12       | --account 12 is not 12 digits
          --partition aws-eu | --partition aws-eu is not one of aws, aws-cn, aws-us-gov
          --prot             | --prot is unknown; accepted are --port, --eks-port, --host, --account, --partition, --drifted and --help
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
            new Serve(5005, 5006, LOOPBACK, "123456789012", "aws", true)
                .welcome(URI.create("http://127.0.0.1:5005"), URI.create("http://127.0.0.1:5006")))
        .contains("export AWS_ENDPOINT_URL_IAM=http://127.0.0.1:5005")
        .contains("export AWS_ENDPOINT_URL_EKS=http://127.0.0.1:5006")
        .contains("its NodeInstanceRole has drifted")
        .contains("its cluster prod in us-east-1 is of an earlier role");
  }

  @ParameterizedTest
  @CsvSource({"aws, us-east-1", "aws-cn, cn-north-1", "aws-us-gov, us-gov-west-1"})
  void theWelcomeNamesARegionOfThePartition(String partition, String region) {
    assertThat(
            new Serve(0, 0, LOOPBACK, "123456789012", partition, false)
                .welcome(URI.create("http://a"), URI.create("http://b")))
        .contains("export AWS_REGION=%1$s AWS_DEFAULT_REGION=%1$s".formatted(region));
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
    Process process = run("--port", "0", "--eks-port", "0", "--drifted");
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      URI iamEndpoint = exported("AWS_ENDPOINT_URL_IAM", output);
      URI eksEndpoint = exported("AWS_ENDPOINT_URL_EKS", output);

      try (var iam = LocalClients.pointed(IamClient.builder(), iamEndpoint).build();
          var eks =
              LocalEksClients.pointed(EksClient.builder(), eksEndpoint, Optional.empty()).build()) {
        Role role = iam.getRole(get -> get.roleName(DriftedRole.NAME)).role();
        AccessEntry entry =
            eks.describeAccessEntry(get -> get.clusterName("prod").principalArn(role.arn()))
                .accessEntry();
        assertThat(role.tags()).hasSize(2);
        assertThat(entry.createdAt()).isBefore(role.createDate());
      }
      assertThat(process.isAlive()).isTrue();
    } finally {
      process.destroy();
    }
  }

  private static URI exported(String variable, BufferedReader output) throws IOException {
    String start = "  export " + variable + "=";
    String line = output.readLine();
    while (line != null && !line.startsWith(start)) {
      line = output.readLine();
    }
    assertThat(line).as(variable).isNotNull();
    return URI.create(line.substring(start.length()));
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
