package io.noderoleguard.local.iam;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** The command line of {@code exec:exec@iam}. */
sealed interface ServeIamOptions {

  String USAGE =
      """
      An IAM on this machine, for the AWS CLI, the AWS SDKs and sam local.

        --port N           where to listen, 0 to 65535, 0 for a free one (default 5005)
        --host ADDRESS     on which address (default 127.0.0.1; 0.0.0.0 lets containers in)
        --account ID       the account, 12 digits (default 123456789012)
        --partition NAME   aws, aws-cn or aws-us-gov (default aws)
        --drifted          begin with a NodeInstanceRole that has drifted, not with an empty account
        --help             show this
      """;

  /** Show what can be asked for. */
  record Help() implements ServeIamOptions {}

  /** What cannot be done as asked, a line for each reason. */
  record Wrong(List<String> errors) implements ServeIamOptions {
    public Wrong {
      errors = List.copyOf(errors);
    }
  }

  /** Serve an account. */
  record Serve(int port, InetAddress host, String accountId, String partition, boolean drifted)
      implements ServeIamOptions {

    String welcome(URI endpoint) {
      return """
      IAM of account %1$s, partition %2$s, is at %3$s until Ctrl-C%4$s

        export AWS_ENDPOINT_URL_IAM=%3$s
        export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
        export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
        aws iam get-account-authorization-details --filter Role

      """
          .formatted(
              accountId,
              partition,
              endpoint,
              drifted ? "; its " + DriftedRole.NAME + " has drifted" : "");
    }
  }

  static ServeIamOptions parse(String... args) {
    return new Parser().parse(List.of(args));
  }

  /** Reads all options, so that all that is wrong with them is said at once. */
  final class Parser {

    private static final int DEFAULT_PORT = 5005;

    private final List<String> errors = new ArrayList<>();
    private int port = DEFAULT_PORT;
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
          case "--port", "--host", "--account", "--partition" -> {
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
                      + " is unknown; accepted are --port, --host, --account, --partition,"
                      + " --drifted and --help");
        }
      }
      return errors.isEmpty()
          ? new Serve(port, host, accountId, partition, drifted)
          : new Wrong(errors);
    }

    private void set(String option, String value) {
      switch (option) {
        case "--port" -> setPort(value);
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

    private void setPort(String value) {
      if (value.matches("\\d{1,5}") && Integer.parseInt(value) <= 65_535) {
        port = Integer.parseInt(value);
      } else {
        errors.add("--port " + value + " is not a number from 0 to 65535");
      }
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
