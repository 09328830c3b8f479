package io.noderoleguard.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.iam.IamClient;

/**
 * One call of IAM by the SDK with its lightest HTTP client, and nothing else: no log, no JSON,
 * nothing compared. What calls IAM by the SDK takes no less.
 */
public final class SdkHandler implements RequestStreamHandler {

  private final IamClient iam =
      IamClient.builder().httpClient(UrlConnectionHttpClient.create()).build();

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    String arn = iam.getRole(get -> get.roleName("NodeInstanceRole")).role().arn();
    answer.write("{\"read\":\"%s\"}".formatted(arn).getBytes(StandardCharsets.UTF_8));
  }
}
