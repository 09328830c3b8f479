package io.noderoleguard.aws;

import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.json.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/**
 * Calls to a service in the <a
 * href="https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html">JSON 1.1 protocol</a>, made
 * of those parts of the SDK that the calls to IAM have loaded already.
 */
public final class SignedCalls {

  /** A page of 50 events of CloudTrail has a fraction of that. */
  private static final int MAX_BYTES = 8 << 20;

  private final ServiceEndpoint endpoint;
  private final String target;
  private final AwsCredentialsProvider credentials;
  private final SdkHttpClient http;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

  private SignedCalls(
      ServiceEndpoint endpoint,
      String target,
      AwsCredentialsProvider credentials,
      CallLimits limits) {
    this.endpoint = endpoint;
    this.target = target;
    this.credentials = credentials;
    this.http = AwsClients.http(limits).build();
  }

  /**
   * Calls with the SDK's default credentials.
   *
   * @param target what the service's actions are prefixed with
   */
  public static SignedCalls withDefaultCredentials(
      ServiceEndpoint endpoint, String target, CallLimits limits) {
    return new SignedCalls(endpoint, target, DefaultCredentialsProvider.builder().build(), limits);
  }

  /** Calls with credentials that the real service would refuse. */
  public static SignedCalls local(ServiceEndpoint endpoint, String target, CallLimits limits) {
    return new SignedCalls(
        endpoint,
        target,
        StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")),
        limits);
  }

  /**
   * Makes a call, and returns the members of the response.
   *
   * @throws AwsServiceException when it is refused
   * @throws SdkClientException when it gets no response, or one that cannot be used
   */
  public JsonObject call(String action, JsonObject parameters) {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(endpoint.url())
            .encodedPath("/")
            .putHeader("Content-Type", "application/x-amz-json-1.1")
            .putHeader("X-Amz-Target", target + action)
            .build();
    ContentStreamProvider body = ContentStreamProvider.fromUtf8String(Json.write(parameters));
    SignedRequest signed =
        signer.sign(
            to ->
                to.identity(credentials.resolveCredentials())
                    .request(request)
                    .payload(body)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, endpoint.signingName())
                    .putProperty(AwsV4HttpSigner.REGION_NAME, endpoint.region()));
    try {
      return response(
          http.prepareRequest(
                  HttpExecuteRequest.builder()
                      .request(signed.request())
                      .contentStreamProvider(signed.payload().orElse(body))
                      .build())
              .call());
    } catch (IOException broken) {
      throw SdkClientException.create("no response", broken);
    }
  }

  private static JsonObject response(HttpExecuteResponse response) throws IOException {
    Optional<JsonObject> body = body(response);
    if (response.httpResponse().isSuccessful()) {
      return body.orElseThrow(() -> SdkClientException.create("the response is no JSON object"));
    }
    throw AwsServiceException.builder()
        .statusCode(response.httpResponse().statusCode())
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .errorCode(text(body, "__type").replaceFirst(".*#", ""))
                .errorMessage(text(body, "message"))
                .build())
        .build();
  }

  private static String text(Optional<JsonObject> body, String name) {
    return body.map(members -> members.get(name)).orElse(new JsonString(""))
            instanceof JsonString(var text)
        ? text
        : "";
  }

  private static Optional<JsonObject> body(HttpExecuteResponse response) throws IOException {
    if (response.responseBody().isEmpty()) {
      return Optional.empty();
    }
    try (InputStream stream = response.responseBody().get()) {
      JsonValue value = Json.parse(new ByteArrayInputStream(stream.readNBytes(MAX_BYTES)));
      return value instanceof JsonObject object ? Optional.of(object) : Optional.empty();
    } catch (MalformedJsonException malformed) {
      return Optional.empty();
    }
  }
}
