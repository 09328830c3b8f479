package io.noderoleguard.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import io.noderoleguard.event.Queued.Message.Read;
import io.noderoleguard.report.Mode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventTest {

  private static Event read(String json) throws IOException {
    return EventReader.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), false);
  }

  private static String sample(String name) throws IOException {
    return Files.readString(Path.of("events", name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"scheduled.json", "scheduler.json"})
  void scheduledEventsOfRuleAndSchedulerAreRead(String file) throws Exception {
    assertThat(read(sample(file))).isEqualTo(new Scheduled());
  }

  static Stream<Arguments> directEvents() {
    return Stream.of(
        // event, what it asks for
        arguments("{}", new Direct(Optional.empty(), Optional.empty())),
        arguments("{\"mode\":\"Audit\"}", new Direct(Optional.of(Mode.AUDIT), Optional.empty())),
        arguments(
            "{\"roleName\":\"x\",\"mode\":\"Repair\"}",
            new Direct(Optional.of(Mode.REPAIR), Optional.of("x"))));
  }

  @ParameterizedTest
  @MethodSource("directEvents")
  void directEventsAreRead(String json, Direct direct) throws Exception {
    assertThat(read(json)).isEqualTo(direct);
  }

  @Test
  void theSamplesOfDirectEventsAreSome() throws Exception {
    assertThat(read(sample("direct.json"))).isInstanceOf(Direct.class);
    assertThat(read(sample("direct-audit.json")))
        .isEqualTo(new Direct(Optional.of(Mode.AUDIT), Optional.of("NodeInstanceRole")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cfn-create.json", "cfn-update.json", "cfn-delete.json"})
  void requestsOfCloudFormationAreRead(String file) throws Exception {
    assertThat(read(sample(file))).isInstanceOf(Stack.class);
  }

  @Test
  void theSamplesOfChangesAreReadAloneAndFromAQueue() throws Exception {
    assertThat(read(sample("role-changed.json"))).isInstanceOf(Changed.class);
    assertThat(read(sample("role-changed-queue.json")))
        .isInstanceOfSatisfying(
            Queued.class,
            queued ->
                assertThat(queued.messages())
                    .isNotEmpty()
                    .allSatisfy(message -> assertThat(message).isInstanceOf(Read.class)));
  }

  @Test
  void theSampleOfARuleIsAScheduledEventToAwssOwnTypeToo() throws Exception {
    var theirs =
        LambdaEventSerializers.serializerFor(ScheduledEvent.class, getClass().getClassLoader())
            .fromJson(sample("scheduled.json"));

    assertThat(theirs.getDetailType()).isEqualTo("Scheduled Event");
    assertThat(theirs.getSource()).isEqualTo("aws.events");
  }

  static Stream<Arguments> refusedEvents() {
    return Stream.of(
        // event, what the message says of it
        arguments("", "the event cannot be read: it is empty"),
        arguments("{\"a\"", "the event cannot be read: it is not valid JSON"),
        arguments("{}{}", "the event cannot be read: something follows"),
        arguments("null", "the event is null"),
        arguments("[]", "the event is an array"),
        arguments("[{}]", "the event is an array"),
        arguments("\"x\"", "the event is a string"),
        arguments("1", "the event is a number"),
        arguments("{\"Records\":[]}", "the event's Records are no list of one or more"),
        arguments("{\"Records\":{}}", "the event's Records are no list of one or more"),
        arguments(records("aws:sns", "1"), "one of the event's Records is not from SQS"),
        arguments(
            "{\"Records\":[%s,%s]}".formatted(record("aws:sqs", "1"), record("aws:s3", "2")),
            "one of the event's Records is not from SQS"),
        arguments("{\"Records\":[{}]}", "one of the event's Records is not from SQS"),
        arguments("{\"Records\":[1]}", "one of the event's Records is not from SQS"),
        arguments(records("aws:sqs", ""), "one of the event's Records has no messageId"),
        arguments("{\"source\":\"aws.iam\"}", "the event's detail is null"),
        arguments(
            "{\"source\":\"aws.iam\",\"detail\":{}}", "its eventName is not the name of an action"),
        arguments(
            changed("\"eventName\":\"DetachRolePolicy\\n\""),
            "its eventName is not the name of an action"),
        arguments(
            changed("\"eventName\":\"A\",\"eventSource\":\"ec2.amazonaws.com\""),
            "its eventSource is not iam.amazonaws.com"),
        arguments(
            changed("\"eventName\":\"A\",\"requestParameters\":[]"),
            "its requestParameters are an array"),
        arguments(
            changed("\"eventName\":\"A\",\"requestParameters\":{\"roleName\":true}"),
            "its roleName is a boolean where a string belongs"),
        arguments("{\"mode\":\"Audit\",\"x\":1,\"a\":2}", "with the members a, x"),
        arguments("{\"mode\":\"audit\"}", "\"audit\" is not a mode: Repair and Audit are accepted"),
        arguments("{\"mode\":null}", "\"mode\" is null where a string belongs"),
        arguments("{\"roleName\":[\"x\"]}", "\"roleName\" is an array where a string belongs"),
        arguments(
            "{\"detail-type\":\"Scheduled Event\",\"source\":\"aws.ec2\"}",
            "the event's source is \"aws.ec2\""),
        arguments("{\"detail-type\":\"Scheduled Event\"}", "the event's source is null"),
        arguments(
            "{\"detail-type\":\"AWS API Call via CloudTrail\",\"source\":\"aws.events\"}",
            "the event's detail-type is \"AWS API Call via CloudTrail\""),
        arguments("{\"source\":\"aws.events\"}", "the event's detail-type is null"));
  }

  private static String record(String source, String id) {
    return "{\"eventSource\":\"%s\",\"messageId\":\"%s\",\"body\":\"\"}".formatted(source, id);
  }

  private static String records(String source, String id) {
    return "{\"Records\":[%s]}".formatted(record(source, id));
  }

  private static String changed(String detail) {
    return "{\"source\":\"aws.iam\",\"detail\":{%s}}".formatted(detail);
  }

  @ParameterizedTest
  @MethodSource("refusedEvents")
  void whatIsNoEventOfOursIsRefusedWithWhatCameAndWhatIsAccepted(String json, String received) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(RefusedEventException.class)
        .hasMessageStartingWith("Refused: ")
        .hasMessageContaining(received.replace('"', '\''))
        .hasMessageContainingAll(
            "Accepted are",
            "aws.events",
            "aws.scheduler",
            "aws.iam",
            "SQS",
            "RequestType",
            "mode",
            "roleName");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RequestId", "StackId", "LogicalResourceId", "ResponseURL"})
  void aRequestOfCloudFormationThatCannotBeAnsweredIsRefused(String member) throws Exception {
    String without = sample("cfn-create.json").replace("\"" + member + "\"", "\"x\"");

    assertThatThrownBy(() -> read(without))
        .isInstanceOf(RefusedEventException.class)
        .hasMessageContaining("'%s'".formatted(member));
  }

  @Test
  void aForeignResponseUrlIsRefusedWithoutBeingQuoted() throws Exception {
    String elsewhere = sample("cfn-create.json").replace("amazonaws.com", "evil.example");

    assertThatThrownBy(() -> read(elsewhere))
        .isInstanceOf(RefusedEventException.class)
        .hasMessageContaining("ResponseURL")
        .hasMessageNotContaining("evil.example");
  }
}
