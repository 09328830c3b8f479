package io.noderoleguard.role;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What IAM accepts of names, paths, policies and tags. Each rule gives what is wrong, as a clause
 * that says what is accepted, or nothing. The limits are those of the <a
 * href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html">IAM API</a>.
 */
public final class IamRules {

  private static final Pattern ROLE_NAME = Pattern.compile("[A-Za-z0-9_+=,.@-]{1,64}");
  private static final Pattern PATH = Pattern.compile("/([!-~]{1,510}/)?");
  private static final Pattern POLICY_NAME =
      Pattern.compile("([A-Za-z0-9_+=,.@-]+/){0,8}[A-Za-z0-9_+=,.@-]{1,128}");
  private static final Pattern POLICY_ARN =
      Pattern.compile("arn:aws(-[a-z]+)*:iam::(aws|[0-9]{12}):policy/[!-~]{1,640}");
  private static final Pattern TAG_KEY = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{1,128}");
  private static final Pattern TAG_VALUE = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{0,256}");
  private static final int MAX_TAGS = 50;

  private IamRules() {}

  public static Optional<String> roleName(String name) {
    return ROLE_NAME.matcher(name).matches()
        ? Optional.empty()
        : Optional.of(
            "\"%s\" is not a role name: 1 to 64 letters, digits and _+=,.@- are accepted"
                .formatted(name));
  }

  public static Optional<String> path(String path) {
    return PATH.matcher(path).matches()
        ? Optional.empty()
        : Optional.of(
            ("\"%s\" is not a path: \"/\" is accepted, or printable ASCII that begins and ends with \"/\","
                    + " at most 512 characters")
                .formatted(path));
  }

  /** A managed policy, or several of which any will do. */
  public static Optional<String> policies(String alternatives) {
    List<String> all = PolicyChoice.alternatives(alternatives);
    return all.size() > 1 && all.contains("")
        ? Optional.of(
            "\"%s\" has an empty alternative: names or ARNs are accepted, separated by a bar (A|B)"
                .formatted(alternatives))
        : all.stream().flatMap(each -> policy(each).stream()).findFirst();
  }

  public static Optional<String> policy(String nameOrArn) {
    Pattern accepted = nameOrArn.startsWith("arn:") ? POLICY_ARN : POLICY_NAME;
    return accepted.matcher(nameOrArn).matches()
        ? Optional.empty()
        : Optional.of(
            ("\"%s\" is not a managed policy: the name of an AWS managed policy is accepted"
                    + " (AmazonEKS_CNI_Policy), or a policy's ARN (arn:aws:iam::123456789012:policy/Name)")
                .formatted(nameOrArn));
  }

  public static Optional<String> permissionsBoundary(String arn) {
    return POLICY_ARN.matcher(arn).matches()
        ? Optional.empty()
        : Optional.of(
            "\"%s\" is not a policy's ARN: arn:aws:iam::123456789012:policy/Name is accepted"
                .formatted(arn));
  }

  public static Optional<String> tag(String key, String value) {
    if (key.regionMatches(true, 0, "aws:", 0, 4)) {
      return Optional.of("the tag key \"%s\" begins with aws:, which AWS reserves".formatted(key));
    }
    return TAG_KEY.matcher(key).matches() && TAG_VALUE.matcher(value).matches()
        ? Optional.empty()
        : Optional.of(
            ("\"%s\" = \"%s\" is not a tag: a key of 1 to 128 and a value of up to 256 letters, digits,"
                    + " spaces and _.:/=+-@ are accepted")
                .formatted(key, value));
  }

  public static Optional<String> tags(Map<String, String> tags) {
    if (tags.size() > MAX_TAGS) {
      return Optional.of(
          "%d tags are more than the %d that are accepted".formatted(tags.size(), MAX_TAGS));
    }
    // Keys are compared without regard to letter case:
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
    Set<String> canonical = new HashSet<>();
    for (String key : tags.keySet()) {
      if (!canonical.add(Tags.canonicalKey(key))) {
        return Optional.of("two tag keys differ only in letter case");
      }
    }
    return Optional.empty();
  }
}
