package io.noderoleguard.iam;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A connection to nowhere. It answers the calls that read a role: with one that trusts EC2, is in
 * an instance profile, has the given policies and may do what nodes need, but nothing in IAM.
 */
final class StandInConnection extends HttpURLConnection {

  private static final String TRUST =
      "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C"
          + "%22Principal%22%3A%7B%22Service%22%3A%22ec2.amazonaws.com%22%7D%2C"
          + "%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D";

  private static final String ROLE =
      """
      <Path>/</Path><RoleName>rehearsal</RoleName><RoleId>AROAREHEARSAL</RoleId>
      <Arn>arn:aws:iam::123456789012:role/rehearsal</Arn>
      <CreateDate>2026-01-01T00:00:00Z</CreateDate>
      <AssumeRolePolicyDocument>%s</AssumeRolePolicyDocument>
      <RoleLastUsed><LastUsedDate>2026-01-01T00:00:00Z</LastUsedDate><Region>us-east-1</Region></RoleLastUsed>
      """
          .formatted(TRUST);

  private static final String PROFILES =
      """
      <IsTruncated>false</IsTruncated>
      <InstanceProfiles><member>
      <Path>/</Path><InstanceProfileName>rehearsal</InstanceProfileName>
      <InstanceProfileId>AIPAREHEARSAL</InstanceProfileId>
      <Arn>arn:aws:iam::123456789012:instance-profile/rehearsal</Arn>
      <CreateDate>2026-01-01T00:00:00Z</CreateDate>
      <Roles><member>%s</member></Roles>
      </member></InstanceProfiles>
      """
          .formatted(ROLE);

  private static final Pattern ACTION_NAME = Pattern.compile("ActionNames\\.member\\.\\d+=([^&]*)");

  private final List<String> policies;
  private final ByteArrayOutputStream form = new ByteArrayOutputStream();

  StandInConnection(URI uri, List<String> policies) throws MalformedURLException {
    super(uri.toURL());
    this.policies = policies;
  }

  @Override
  public void connect() {}

  @Override
  public void disconnect() {}

  @Override
  public boolean usingProxy() {
    return false;
  }

  @Override
  public OutputStream getOutputStream() {
    return form;
  }

  @Override
  public int getResponseCode() {
    return HTTP_OK;
  }

  @Override
  public Map<String, List<String>> getHeaderFields() {
    return Map.of("Content-Type", List.of("text/xml"));
  }

  @Override
  public InputStream getInputStream() {
    String fields = form.toString(StandardCharsets.UTF_8);
    // The Query protocol's first field
    String action = fields.substring("Action=".length(), fields.indexOf('&'));
    return new ByteArrayInputStream(answer(action, fields).getBytes(StandardCharsets.UTF_8));
  }

  private String answer(String action, String fields) {
    String result =
        switch (action) {
          case "GetRole" -> "<Role>%s</Role>".formatted(ROLE);
          case "ListInstanceProfilesForRole" -> PROFILES;
          case "ListAttachedRolePolicies" ->
              policies.stream()
                  .map(
                      name ->
                          "<member><PolicyName>%s</PolicyName><PolicyArn>arn:aws:iam::aws:policy/%s</PolicyArn></member>"
                              .formatted(name, name))
                  .collect(
                      Collectors.joining(
                          "",
                          "<IsTruncated>false</IsTruncated><AttachedPolicies>",
                          "</AttachedPolicies>"));
          case "SimulatePrincipalPolicy" ->
              ACTION_NAME
                  .matcher(fields)
                  .results()
                  .map(field -> decision(URLDecoder.decode(field.group(1), StandardCharsets.UTF_8)))
                  .collect(
                      Collectors.joining(
                          "",
                          "<IsTruncated>false</IsTruncated><EvaluationResults>",
                          "</EvaluationResults>"));
          default -> throw new IllegalStateException(action + " reads no role");
        };
    return """
        <%1$sResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><%1$sResult>%2$s</%1$sResult>
        <ResponseMetadata><RequestId>rehearsal</RequestId></ResponseMetadata></%1$sResponse>"""
        .formatted(action, result);
  }

  private static String decision(String action) {
    return """
        <member><EvalActionName>%s</EvalActionName><EvalResourceName>*</EvalResourceName>
        <EvalDecision>%s</EvalDecision>
        <MatchedStatements><member><SourcePolicyId>rehearsal</SourcePolicyId></member></MatchedStatements>
        <MissingContextValues/></member>"""
        .formatted(action, action.startsWith("iam:") ? "implicitDeny" : "allowed");
  }
}
