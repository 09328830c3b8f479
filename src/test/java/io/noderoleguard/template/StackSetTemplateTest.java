package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * That StackSets deploy what `sam deploy` does, from a template that they take: what the other
 * tests show of one form, the simulated permissions above all, holds for the other.
 */
final class StackSetTemplateTest {

  private static final Map<String, String> CODE =
      Map.of("CodeBucket", "code-123456789012", "CodeKey", "eks-node-role-guard-0.1.0.zip");

  /** The hash of the code's place and of the properties, by which a new version is published. */
  private static final Pattern VERSION = Pattern.compile("GuardFunctionVersion[0-9a-f]{10}");

  @Test
  void itDeploysWhatSamDoesButForThePlaceOfTheCode() throws Exception {
    ObjectNode template = read(TranslatedTemplate.forStackSets());
    ObjectNode parameters = (ObjectNode) template.path("Parameters");
    ObjectNode function = (ObjectNode) template.at("/Resources/GuardFunction/Properties");
    ArrayNode settings =
        (ArrayNode)
            template
                .at("/Resources/SettingsRecord/Properties/PolicyDocument/Statement/0/Condition")
                .path("StringEquals")
                .path("aws:PrincipalTag/node-role-guard-settings");

    assertThat(function.remove("Code").toString())
        .isEqualTo("{\"S3Bucket\":{\"Ref\":\"CodeBucket\"},\"S3Key\":{\"Ref\":\"CodeKey\"}}");
    assertThat(parameters.remove("CodeBucket").has("Default")).isFalse();
    assertThat(parameters.remove("CodeKey").has("Default")).isFalse();
    String variable = "${CodeBucket}/${CodeKey}";
    assertThat(
            ((ObjectNode) function.at("/Environment/Variables"))
                .remove("CODE")
                .path("Fn::Sub")
                .asText())
        .isEqualTo(variable);
    assertThat(settings.remove(settings.size() - 1).path("Fn::Sub").asText())
        .isEqualTo("Code " + variable);

    ObjectNode sam = read(TranslatedTemplate.json());
    ((ObjectNode) sam.at("/Resources/GuardFunction/Properties")).remove("Code");
    // What the console and the Serverless Application Repository show
    sam.remove("Metadata");
    template.remove("Metadata");
    assertThat(template).isEqualTo(sam);
    assertThat(sam.path("Resources").size()).isGreaterThan(20);
  }

  private static ObjectNode read(String json) throws Exception {
    return (ObjectNode)
        new JsonMapper().readTree(VERSION.matcher(json).replaceAll("GuardFunctionVersion"));
  }

  /**
   * <a
   * href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html">
   * By URL a template may have 1 MB.</a>
   */
  @Test
  void stackSetsTakeIt() throws Exception {
    String json = TranslatedTemplate.forStackSets();

    assertThat(json.getBytes(StandardCharsets.UTF_8).length).isLessThan(200_000);
    assertThat(read(json).has("Transform")).isFalse();
    assertThat(json)
        .doesNotContain("Fn::Transform")
        .doesNotContain("Fn::ForEach")
        .doesNotContain("AWS::Serverless::")
        .doesNotContain("AWS::CloudFormation::Stack");
  }

  /** CAPABILITY_IAM is enough as long as nothing of IAM has a name. */
  @Test
  void nothingOfIamHasAName() throws Exception {
    new JsonMapper()
        .readTree(TranslatedTemplate.forStackSets()).path("Resources").properties().stream()
            .filter(it -> it.getValue().path("Type").asText().startsWith("AWS::IAM::"))
            .filter(it -> !it.getValue().path("Type").asText().equals("AWS::IAM::RolePolicy"))
            .forEach(
                resource -> {
                  JsonNode properties = resource.getValue().path("Properties");
                  assertThat(properties.has("RoleName")).as(resource.getKey()).isFalse();
                  assertThat(properties.has("ManagedPolicyName")).as(resource.getKey()).isFalse();
                });
  }

  /** The translator fills in the Region where it runs, unless it is told otherwise. */
  @ParameterizedTest
  @CsvSource({"aws", "aws-cn", "aws-us-gov"})
  void itIsMadeForNoPartitionAndNoRegion(String partition) throws Exception {
    Deployment deployment = Deployment.forStackSets(partition, CODE);

    assertThat(deployment.template().path("Resources").toString())
        .doesNotContain("eu-central-1")
        .doesNotContain("us-east-1");
    assertThat(deployment.resourcesOf("AWS::Lambda::EventInvokeConfig"))
        .filteredOn(each -> !each.equals("LiveInvokeConfig"))
        .singleElement()
        .satisfies(
            nightly ->
                assertThat(
                        deployment
                            .properties(nightly)
                            .at("/DestinationConfig/OnSuccess/Destination")
                            .asText())
                    .isEqualTo(
                        "arn:%s:events:eu-central-1:123456789012:event-bus/default"
                            .formatted(partition)));
  }

  /**
   * The logical ID of a version cannot change with a parameter. So its description does, which
   * replaces it; and the function itself, as Lambda publishes no version of one that is the same.
   */
  @ParameterizedTest
  @CsvSource({"CodeKey, eks-node-role-guard-0.2.0.zip", "CodeBucket, other-123456789012"})
  void anotherPlaceOfTheCodePublishesAVersion(String parameter, String value) throws Exception {
    Deployment before = Deployment.forStackSets("aws", CODE);
    Map<String, String> changed = new HashMap<>(CODE);
    changed.put(parameter, value);
    Deployment after = Deployment.forStackSets("aws", changed);

    assertThat(after.properties("GuardFunction").at("/Environment/Variables"))
        .isNotEqualTo(before.properties("GuardFunction").at("/Environment/Variables"));
    assertThat(after.properties("SettingsRecord").path("PolicyDocument"))
        .isNotEqualTo(before.properties("SettingsRecord").path("PolicyDocument"));
    assertThat(after.resourcesOf("AWS::Lambda::Version"))
        .singleElement()
        .satisfies(
            version ->
                assertThat(after.properties(version).path("Description").asText())
                    .contains("SettingsRecord.DefaultVersionId"));
  }

  @ParameterizedTest
  @CsvSource({
    "CodeBucket, code-123456789012, true",
    "CodeBucket, my.code, true",
    "CodeBucket, Code, false",
    "CodeBucket, s3://code, false",
    "CodeKey, a/b_c-0.1.0.zip, true",
    "CodeKey, 'a b.zip', false",
    "CodeKey, '', false",
    "CodeKey, '${AWS::Region}', false"
  })
  void thePlaceOfTheCodeIsAPlaceInS3(String parameter, String value, boolean taken)
      throws Exception {
    JsonNode parameters = Deployment.forStackSets("aws", CODE).template().path("Parameters");

    assertThat(Deployment.accepts(parameters.path(parameter), value)).isEqualTo(taken);
  }
}
