package io.noderoleguard.trail;

import io.noderoleguard.json.Text;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The tool that made a call, in a word or two. Its user agent is whatever the caller chose. */
enum Tool {
  // First those that use one of the others.
  TERRAFORM("terraform", "Terraform"),
  OPENTOFU("opentofu", "OpenTofu"),
  PULUMI("pulumi", "Pulumi"),
  ANSIBLE("ansible", "Ansible"),
  EKSCTL("eksctl", "eksctl"),
  CUSTODIAN("c7n", "Cloud Custodian"),
  KARPENTER("karpenter", "Karpenter"),
  CROSSPLANE("crossplane", "Crossplane"),
  CLOUDFORMATION("cloudformation.amazonaws.com", "CloudFormation"),
  CLI("aws-cli/", "AWS CLI"),
  POWERSHELL("awspowershell", "AWS Tools for PowerShell"),
  BOTO3("boto3/", "boto3"),
  GO("aws-sdk-go", "AWS SDK for Go"),
  JAVA("aws-sdk-java", "AWS SDK for Java"),
  NODE("aws-sdk-nodejs", "AWS SDK for JavaScript"),
  JAVASCRIPT("aws-sdk-js", "AWS SDK for JavaScript"),
  DOTNET("aws-sdk-dotnet", "AWS SDK for .NET"),
  RUBY("aws-sdk-ruby", "AWS SDK for Ruby"),
  PHP("aws-sdk-php", "AWS SDK for PHP"),
  RUST("aws-sdk-rust", "AWS SDK for Rust"),
  CPP("aws-sdk-cpp", "AWS SDK for C++"),
  BOTOCORE("botocore/", "botocore");

  /** How much of a user agent is looked at. */
  static final int MAX_READ = 1_000;

  private static final int MAX_LENGTH = 40;
  private static final String CONSOLE = "the console";

  private final String sign;
  private final String label;

  Tool(String sign, String label) {
    this.sign = sign;
    this.label = label;
  }

  /**
   * What a user agent says.
   *
   * @param service the AWS service that made the call for someone
   * @param console whether the credentials are those of a session of the console
   */
  static Optional<String> of(String userAgent, Optional<String> service, boolean console) {
    Optional<String> known = known(userAgent).or(() -> service.flatMap(Tool::known));
    if (known.isPresent() || service.isPresent()) {
      return known.or(() -> service);
    }
    return console || userAgent.matches("AWS Internal|(console|signin)\\.amazonaws\\..*")
        ? Optional.of(CONSOLE)
        : Optional.of(Text.printable(userAgent.split("[/ ]", 2)[0], MAX_LENGTH))
            .filter(product -> !product.isEmpty());
  }

  private static Optional<String> known(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(tool -> lower.contains(tool.sign))
        .map(tool -> tool.label)
        .findFirst();
  }
}
