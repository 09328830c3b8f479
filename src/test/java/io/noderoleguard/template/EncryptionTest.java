package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which key encrypts what the stack keeps, and who needs it. */
final class EncryptionTest {

  private static final String KEY =
      "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

  @ParameterizedTest
  @CsvSource({
    "GuardLogGroup, KmsKeyId",
    "NotificationsTopic, KmsMasterKeyId",
    "UndeliveredQueue, KmsMasterKeyId",
    "ChangesQueue, KmsMasterKeyId",
    "UncheckedChangesQueue, KmsMasterKeyId"
  })
  void aGivenKeyIsUsedAndNoneWithout(String resource, String property) throws Exception {
    assertThat(encrypted().properties(resource).path(property).asText()).isEqualTo(KEY);
    assertThat(Deployment.withDefaults().properties(resource).has(property)).isFalse();
  }

  /** A queue takes one of the two. */
  @ParameterizedTest
  @ValueSource(strings = {"UndeliveredQueue", "ChangesQueue", "UncheckedChangesQueue"})
  void aQueueIsEncryptedBySqsWithoutAKey(String queue) throws Exception {
    String setting = "SqsManagedSseEnabled";

    assertThat(Deployment.withDefaults().properties(queue).path(setting).asBoolean()).isTrue();
    assertThat(encrypted().properties(queue).has(setting)).isFalse();
  }

  @Test
  void theSchedulesRoleMayUseTheKeyForTheQueueOnly() throws Exception {
    JsonNode policy = encrypted().properties("ScheduleKeyPolicy");

    assertThat(policy.path("RoleName").asText()).isEqualTo("GuardFunctionNightlyRole");
    assertThat(policy.at("/PolicyDocument/Statement"))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    [{"Sid": "EncryptUndeliveredEvents", "Effect": "Allow",
                      "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "%s",
                      "Condition": {"StringEquals": {"kms:ViaService": [
                        "sqs.eu-central-1.amazonaws.com", "sqs.eu-central-1.amazonaws.com.cn"]}}}]
                    """
                        .formatted(KEY)));
    assertThat(Deployment.withDefaults().properties("ScheduleKeyPolicy").isMissingNode()).isTrue();
  }

  /** Lambda reads the queue of changes with the function's role. */
  @Test
  void theFunctionsRoleMayDecryptWhatComesThroughSqsOnly() throws Exception {
    Map<String, String> notWatching = Map.of("KmsKeyArn", KEY, "WatchChanges", "No");

    assertThat(statement(encrypted(), "DecryptChanges"))
        .singleElement()
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    {"Sid": "DecryptChanges", "Effect": "Allow",
                      "Action": "kms:Decrypt", "Resource": "%s",
                      "Condition": {"StringEquals": {"kms:ViaService": [
                        "sqs.eu-central-1.amazonaws.com", "sqs.eu-central-1.amazonaws.com.cn"]}}}
                    """
                        .formatted(KEY)));
    assertThat(statement(Deployment.withDefaults(), "DecryptChanges")).isEmpty();
    assertThat(statement(Deployment.in("aws", notWatching), "DecryptChanges")).isEmpty();
  }

  /** The statements of the function's role with an ID. */
  private static List<JsonNode> statement(Deployment deployment, String sid) {
    return deployment.properties("GuardRole").path("Policies").findParents("Sid").stream()
        .filter(statement -> statement.path("Sid").asText().equals(sid))
        .toList();
  }

  /** Whoever publishes to the topic, or to the queue, needs the key as well. */
  @Test
  void theDocumentedKeyPolicyNamesEveryServiceThatPublishes() throws Exception {
    String documented = Files.readString(Path.of("docs/security.md"));

    for (String resource :
        List.of("NotificationsTopicPolicy", "UndeliveredQueuePolicy", "ChangesQueuePolicy")) {
      for (JsonNode statement : encrypted().properties(resource).at("/PolicyDocument/Statement")) {
        JsonNode service = statement.at("/Principal/Service");
        if (!service.isMissingNode()) {
          assertThat(documented).contains("\"Service\": \"" + service.asText() + "\"");
        }
      }
    }
    assertThat(documented).contains("\"Service\": \"logs.REGION.amazonaws.com\"");
  }

  private static Deployment encrypted() throws Exception {
    return Deployment.in("aws", Map.of("KmsKeyArn", KEY));
  }
}
