package io.noderoleguard.cloudformation;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pre-signed URL at which CloudFormation waits for a response. It is a credential: it has no
 * text form, and only {@link ResponseSender} gets at it.
 */
final class ResponseUrl {

  // The bucket is CloudFormation's own in the region that its name ends with:
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-vpce-bucketnames.html
  // Anyone may own one of another name, so that the name must be that of the endpoint's region. The
  // endpoint without a region is us-east-1's.
  private static final Pattern HOST =
      Pattern.compile(
          "cloudformation-custom-resource-response-"
              + "(useast1\\.s3\\.amazonaws\\.com"
              + "|(?<bucket>[a-z]{2,12}[0-9]{1,2})"
              + "\\.s3[.-](?<region>[a-z]{2,5}(-[a-z]{2,12}){1,3}-[0-9]{1,2})"
              + "\\.(amazonaws\\.com|amazonaws\\.com\\.cn|amazonaws\\.eu|c2s\\.ic\\.gov"
              + "|sc2s\\.sgov\\.gov|cloud\\.adc-e\\.uk|csp\\.hci\\.ic\\.gov))");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]|host\\.docker\\.internal");

  private final URI uri;

  private ResponseUrl(URI uri) {
    this.uri = uri;
  }

  /**
   * Accepts a URL of CloudFormation's response buckets.
   *
   * @param local whether the function runs under SAM, where a server on the developer's machine may
   *     take CloudFormation's place
   * @return empty when the function must not call it
   */
  static Optional<ResponseUrl> of(String url, boolean local) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException malformed) {
      return Optional.empty();
    }
    return isCloudFormation(uri) || (local && isThisMachine(uri))
        ? Optional.of(new ResponseUrl(uri))
        : Optional.empty();
  }

  private static boolean isCloudFormation(URI uri) {
    if (!"https".equals(uri.getScheme())
        || uri.getHost() == null
        // No user, no port: what is called is the host and nothing else.
        || !uri.getHost().equals(uri.getRawAuthority())) {
      return false;
    }
    Matcher host = HOST.matcher(uri.getHost());
    if (!host.matches()) {
      return false;
    }
    String region = host.group("region");
    return region == null || region.replace("-", "").equals(host.group("bucket"));
  }

  private static boolean isThisMachine(URI uri) {
    return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        && uri.getHost() != null
        && uri.getRawUserInfo() == null
        && LOOPBACK.matcher(uri.getHost()).matches();
  }

  /** The URL itself: to be called, and never to be shown. */
  URI secret() {
    return uri;
  }

  /** A text without the URL, in case it contains it. */
  String redact(String text) {
    String without = text.replace(uri.toString(), toString());
    return uri.getRawQuery() == null ? without : without.replace(uri.getRawQuery(), "…");
  }

  @Override
  public String toString() {
    return "(ResponseURL)";
  }
}
