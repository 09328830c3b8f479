package io.noderoleguard.local;

import io.noderoleguard.local.iam.DriftedRole;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** The command line of {@code exec:exec@iam}. */
sealed interface ServeIamOptions {

  String USAGE =
      """
      An IAM and an EKS on this machine, for the AWS CLI, the AWS SDKs and sam local.

        --port N           where IAM listens, 0 to 65535, 0 for a free one (default 5005)
        --eks-port N       where EKS listens, alike (default 5006)
        --host ADDRESS     on which address (default 127.0.0.1; 0.0.0.0 lets containers in)
        --account ID       the account, 12 digits (default 123456789012)
        --partition NAME   aws, aws-cn or aws-us-gov (default aws)
        --drifted          begin with a NodeInstanceRole that has drifted, and a cluster prod whose
                           access entry is of an earlier role, not with an empty account
        --help             show this
      """;

  /** The cluster of a drifted account. */
  String CLUSTER = "prod";

  /** Show what can be asked for. */
  record Help() implements ServeIamOptions {}

  /** What cannot be done as asked, a line for each reason. */
  record Wrong(List<String> errors) implements ServeIamOptions {
    public Wrong {
      errors = List.copyOf(errors);
    }
  }

  /** Serve an account. */
  record Serve(
      int port, int eksPort, InetAddress host, String accountId, String partition, boolean drifted)
      implements ServeIamOptions {

    /** A Region of the partition, where the cluster of a drifted account is. */
    String region() {
      return switch (partition) {
        case "aws-cn" -> "cn-north-1";
        case "aws-us-gov" -> "us-gov-west-1";
        default -> "us-east-1";
      };
    }

    String welcome(URI iam, URI eks) {
      return """
      IAM of account %1$s, partition %2$s, is at %3$s until Ctrl-C%6$s
      EKS of that account is at %4$s%7$s

        export AWS_ENDPOINT_URL_IAM=%3$s
        export AWS_ENDPOINT_URL_EKS=%4$s
        export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
        export AWS_REGION=%5$s AWS_DEFAULT_REGION=%5$s
        aws iam get-account-authorization-details --filter Role
        aws eks list-clusters

      """
          .formatted(
              accountId,
              partition,
              iam,
              eks,
              region(),
              drifted ? "; its " + DriftedRole.NAME + " has drifted" : "",
              drifted
                  ? "; the access entry of its cluster %s in %s is of an earlier role"
                      .formatted(CLUSTER, region())
                  : "");
    }
  }

  static ServeIamOptions parse(String... args) {
    return new Parser().parse(List.of(args));
  }

  /** Reads all options, so that all that is wrong with them is said at once. */
  final class Parser {

    private final List<String> errors = new ArrayList<>();
    private int port = 5005;
    private int eksPort = 5006;
    private InetAddress host = InetAddress.getLoopbackAddress();
    private String accountId = "123456789012";
    private String partition = "aws";
    private boolean drifted;

    private Parser() {}

    private ServeIamOptions parse(List<String> args) {
      if (args.contains("--help")) {
        return new Help();
      }
      for (int i = 0; i < args.size(); i++) {
        String option = args.get(i);
        switch (option) {
          case "--drifted" -> drifted = true;
          case "--port", "--eks-port", "--host", "--account", "--partition" -> {
            i++;
            if (i < args.size()) {
              set(option, args.get(i));
            } else {
              errors.add(option + " needs a value");
            }
          }
          default ->
              errors.add(
                  option
                      + " is unknown; accepted are --port, --eks-port, --host, --account,"
                      + " --partition, --drifted and --help");
        }
      }
      return errors.isEmpty()
          ? new Serve(port, eksPort, host, accountId, partition, drifted)
          : new Wrong(errors);
    }

    private void set(String option, String value) {
      switch (option) {
        case "--port" -> port = portOf(option, value, port);
        case "--eks-port" -> eksPort = portOf(option, value, eksPort);
        case "--host" -> setHost(value);
        case "--account" -> {
          accountId = value;
          check(value.matches("\\d{12}"), "--account " + value + " is not 12 digits");
        }
        default -> {
          partition = value;
          check(
              List.of("aws", "aws-cn", "aws-us-gov").contains(value),
              "--partition " + value + " is not one of aws, aws-cn, aws-us-gov");
        }
      }
    }

    private int portOf(String option, String value, int otherwise) {
      if (value.matches("\\d{1,5}") && Integer.parseInt(value) <= 65_535) {
        return Integer.parseInt(value);
      }
      errors.add(option + " " + value + " is not a number from 0 to 65535");
      return otherwise;
    }

    private void setHost(String value) {
      try {
        host = InetAddress.getByName(value);
      } catch (UnknownHostException e) {
        errors.add("--host " + value + " is not an address of this machine");
      }
    }

    private void check(boolean holds, String error) {
      if (!holds) {
        errors.add(error);
      }
    }
  }
}
