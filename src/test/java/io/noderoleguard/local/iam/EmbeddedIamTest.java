package io.noderoleguard.local.iam;

import static io.noderoleguard.local.iam.IamContractTest.CNI_POLICY;
import static io.noderoleguard.local.iam.IamContractTest.TRUST_POLICY;
import static io.noderoleguard.local.iam.IamContractTest.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.EntityType;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;

/** What lies below and beside the operations: HTTP, recording, paging, size. */
final class EmbeddedIamTest {

  private static final String SIGNATURE = "AWS4-HMAC-SHA256 Credential=local";

  private final EmbeddedIam embedded = EmbeddedIam.start();
  private final IamClient iam = client(embedded.endpoint());
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void addRole() {
    embedded.account().createRole("node", TRUST_POLICY);
  }

  @AfterEach
  void stop() {
    iam.close();
    http.close();
    embedded.close();
  }

  private HttpResponse<String> post(String form, String authorization) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(embedded.endpoint())
            .header("Authorization", authorization)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  @Test
  void anAnswerIsXmlInIamsNamespaceWithARequestId() throws Exception {
    HttpResponse<String> answer =
        post("Action=GetRole&Version=2010-05-08&RoleName=node", SIGNATURE);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/xml;charset=UTF-8");
    assertThat(answer.body())
        .startsWith(
            "<GetRoleResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><GetRoleResult>")
        .containsPattern("<ResponseMetadata><RequestId>[0-9a-f-]{36}</RequestId>");
  }

  @Test
  void aWriteAnswersWithoutAResult() throws Exception {
    HttpResponse<String> answer =
        post("Action=DeleteRole&Version=2010-05-08&RoleName=node", SIGNATURE);

    assertThat(answer.body()).doesNotContain("DeleteRoleResult").contains("<RequestId>");
    assertThat(embedded.account().role("node")).isEmpty();
  }

  @Test
  void aRefusalIsAnErrorInIamsNamespaceWithoutRawMarkup() throws Exception {
    HttpResponse<String> answer =
        post(
            "Action=AttachRolePolicy&Version=2010-05-08&RoleName=node"
                + "&PolicyArn=%3Cno%20policy%20at%20all%20%26%20more%3E%00",
            SIGNATURE);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .startsWith(
            "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error>"
                + "<Type>Sender</Type><Code>ValidationError</Code><Message>ARN &lt;no policy at all &amp;"
                + " more&gt; is not valid.</Message></Error><RequestId>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # form                                 | status | code
          Action=NoSuchCall&Version=2010-05-08   | 400    | InvalidAction
          Action=GetRole&Version=2011-11-11      | 400    | InvalidAction
          Action=GetRole                         | 400    | InvalidAction
          Version=2010-05-08                     | 400    | MissingAction
          Action=GetRole&Version=2010-05-08      | 400    | ValidationError
          """)
  void whatIsNoOperationIsRefused(String form, int status, String code) throws Exception {
    HttpResponse<String> answer = post(form, SIGNATURE);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains("<Code>" + code + "</Code>");
  }

  @Test
  void anUnsignedCallIsRefusedAndDoesNothing() throws Exception {
    HttpResponse<String> answer =
        post("Action=DeleteRole&Version=2010-05-08&RoleName=node", "Basic bG9jYWw=");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("<Code>MissingAuthenticationToken</Code>");
    assertThat(embedded.account().role("node")).isPresent();
    assertThat(embedded.calls()).isEmpty();
  }

  @Test
  void aCallMayComeInTheQueryString() throws Exception {
    URI target = embedded.endpoint().resolve("/?Action=GetRole&Version=2010-05-08&RoleName=node");

    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(target).header("Authorization", SIGNATURE).build(),
            BodyHandlers.ofString());

    assertThat(answer.body()).contains("<RoleName>node</RoleName>");
  }

  @Test
  void callsAreRecordedInOrderAndWritesApart() {
    iam.getRole(get -> get.roleName("node"));
    iam.attachRolePolicy(attach -> attach.roleName("node").policyArn(CNI_POLICY));
    iam.listRoles();

    assertThat(embedded.calls())
        .extracting(Call::action)
        .containsExactly("GetRole", "AttachRolePolicy", "ListRoles");
    assertThat(embedded.writes())
        .singleElement()
        .satisfies(
            call ->
                assertThat(call.parameters())
                    .containsEntry("RoleName", "node")
                    .containsEntry("PolicyArn", CNI_POLICY)
                    .hasSize(2));

    embedded.forgetCalls();

    assertThat(embedded.calls()).isEmpty();
  }

  @Test
  void eachCallTakesAsLongAsTheLatency() {
    embedded.latency(Duration.ofMillis(60));
    long start = System.nanoTime();

    iam.getRole(get -> get.roleName("node"));

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(60));
  }

  @Test
  void callsThatWaitDoNotWaitForEachOther() throws Exception {
    embedded.latency(Duration.ofMillis(500));
    long start = System.nanoTime();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(
            threads.submit(
                () -> post("Action=GetRole&Version=2010-05-08&RoleName=node", SIGNATURE)));
      }
      for (Future<HttpResponse<String>> answer : answers) {
        assertThat(answer.get().statusCode()).isEqualTo(200);
      }
    }

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
  }

  @ParameterizedTest
  @CsvSource({"aws", "aws-cn", "aws-us-gov"})
  void arnsAreOfThePartitionAndTheAccount(String partition) {
    IamAccount account = new IamAccount(partition, "210987654321");
    try (EmbeddedIam other = EmbeddedIam.start(account, 0);
        IamClient client = client(other.endpoint())) {
      String policyArn = "arn:" + partition + ":iam::aws:policy/AmazonEKS_CNI_Policy";

      Role role =
          client
              .createRole(create -> create.roleName("r").assumeRolePolicyDocument(TRUST_POLICY))
              .role();
      client.attachRolePolicy(attach -> attach.roleName("r").policyArn(policyArn));

      assertThat(role.arn()).isEqualTo("arn:" + partition + ":iam::210987654321:role/r");
      assertThat(account.role("r").orElseThrow().attachedPolicyArns()).containsExactly(policyArn);
    }
  }

  @Test
  void aPortThatIsTakenIsAnErrorThatNamesIt() {
    int port = embedded.endpoint().getPort();
    IamAccount account = new IamAccount("aws", "123456789012");

    assertThatThrownBy(() -> EmbeddedIam.start(account, port))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot listen on 127.0.0.1 port " + port);
  }

  @Test
  void tenThousandRolesComeInTruePagesQuickly() {
    IamAccount account = embedded.account();
    Set<String> names = new HashSet<>(Set.of("node"));
    IntStream.range(0, 9_999)
        .mapToObj("role-%d"::formatted)
        .peek(names::add)
        .forEach(
            name -> {
              account.createRole(name, TRUST_POLICY);
              account.attachRolePolicy(name, CNI_POLICY);
              account.createInstanceProfile(name);
              account.addRoleToInstanceProfile(name, name);
            });
    long start = System.nanoTime();

    List<String> listed =
        iam
            .getAccountAuthorizationDetailsPaginator(
                get -> get.filter(EntityType.ROLE).maxItems(1000))
            .roleDetailList()
            .stream()
            .map(RoleDetail::roleName)
            .toList();

    assertThat(embedded.calls()).hasSize(10);
    assertThat(listed).hasSize(10_000).doesNotHaveDuplicates();
    assertThat(Set.copyOf(listed)).isEqualTo(names);
    // Far above what it takes (see the time of this test), and far below what a scan of all
    // profiles for each role would take.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void whatComesAndGoesBetweenPagesNeitherHidesNorRepeatsARole() {
    IamAccount account = embedded.account();
    List.of("a", "b", "c", "d").forEach(name -> account.createRole(name, TRUST_POLICY));
    var first = iam.listRoles(list -> list.maxItems(2));

    account.deleteRole("b");
    account.createRole("aa", TRUST_POLICY);
    var rest = iam.listRoles(list -> list.marker(first.marker()));

    assertThat(first.roles()).extracting(Role::roleName).containsExactly("a", "b");
    assertThat(rest.roles()).extracting(Role::roleName).containsExactly("c", "d", "node");
  }
}
