package io.noderoleguard.role;

import static io.noderoleguard.role.RoleFixtures.NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.noderoleguard.policy.Decision;
import io.noderoleguard.policy.Decision.Request;
import io.noderoleguard.role.RoleFixtures.Actual;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What may differ in a trust policy without harm, and what nearly looks like it. */
final class TrustVariationsTest {

  private static final String OWN = "123456789012";
  private static final String EC2 = "'Principal':{'Service':'ec2.amazonaws.com'}";
  private static final String ALLOW = "{'Effect':'Allow'," + EC2 + ",'Action':'sts:AssumeRole'";
  private static final String PLAIN = ALLOW + "}";
  private static final String TAG = "{'Effect':'Allow'," + EC2 + ",'Action':'sts:TagSession'}";
  private static final String DENY = "{'Effect':'Deny','Action':'sts:AssumeRole','Principal':";
  private static final String NO_SERVICE =
      "'Condition':{'BoolIfExists':{'aws:PrincipalIsAWSService':'false'}}";
  private static final String NARROWED = "TrustPolicyNarrowed";
  private static final String TAGS = "TrustPolicyTagsSessions";
  private static final String DENIES = "TrustPolicyDenies";

  private static String on(String condition) {
    return ALLOW + ",'Condition':{" + condition + "}}";
  }

  private static String ownArn(String operator, String arn) {
    return on("'%s':{'aws:SourceArn':'%s'}".formatted(operator, arn));
  }

  private static String denying(String principal) {
    return PLAIN + "," + DENY + principal + "}";
  }

  private static String denyingEveryone(String condition) {
    return PLAIN + "," + DENY + "'*','Condition':{" + condition + "}}";
  }

  static Stream<Arguments> harmless() {
    return Stream.of(
        // what, statements, types of the notes
        arguments("the guide's own", PLAIN, List.of()),
        arguments("an empty condition", on(""), List.of()),
        arguments(
            "TagSession in the same statement",
            "{'Effect':'Allow'," + EC2 + ",'Action':['sts:AssumeRole','sts:TagSession']}",
            List.of(TAGS)),
        arguments("TagSession in a statement of its own", PLAIN + "," + TAG, List.of(TAGS)),
        arguments("TagSession first", TAG + "," + PLAIN, List.of(TAGS)),
        arguments(
            "TagSession in other letters",
            PLAIN + "," + TAG.replace("sts:TagSession", "STS:tagsession"),
            List.of(TAGS)),
        arguments(
            "the own account",
            on("'StringEquals':{'aws:SourceAccount':'123456789012'}"),
            List.of(NARROWED)),
        arguments(
            "the own account in a list",
            on("'StringEquals':{'aws:SourceAccount':['123456789012']}"),
            List.of(NARROWED)),
        arguments(
            "the own account as a number",
            on("'StringEquals':{'aws:SourceAccount':123456789012}"),
            List.of(NARROWED)),
        arguments(
            "the own account in other letters",
            on("'stringequals':{'AWS:sourceaccount':'123456789012'}"),
            List.of(NARROWED)),
        arguments(
            "the own account, ignoring letter case",
            on("'StringEqualsIgnoreCase':{'aws:SourceAccount':'123456789012'}"),
            List.of(NARROWED)),
        arguments(
            "the own account by StringLike without a wildcard",
            on("'StringLike':{'aws:SourceAccount':'123456789012'}"),
            List.of(NARROWED)),
        arguments(
            "everything of EC2 in the own account",
            ownArn("ArnLike", "arn:aws:ec2:*:123456789012:*"),
            List.of(NARROWED)),
        arguments(
            "the instances of the own account",
            ownArn("ArnLike", "arn:aws:ec2:*:123456789012:instance/*"),
            List.of(NARROWED)),
        arguments(
            "ArnEquals, which knows wildcards too",
            ownArn("ArnEquals", "arn:aws:ec2:*:123456789012:instance/*"),
            List.of(NARROWED)),
        arguments(
            "StringLike of the own account's instances",
            ownArn("StringLike", "arn:aws:ec2:*:123456789012:instance/*"),
            List.of(NARROWED)),
        arguments(
            "the own account's instances of one Region",
            ownArn("ArnLike", "arn:aws:ec2:eu-central-1:123456789012:instance/*"),
            List.of(NARROWED)),
        arguments(
            "the own account's instances of two Regions",
            on(
                "'ArnLike':{'aws:SourceArn':['arn:aws:ec2:us-east-1:123456789012:*',"
                    + "'arn:aws:ec2:us-west-2:123456789012:*']}"),
            List.of(NARROWED)),
        arguments(
            "account and ARN together",
            on(
                "'StringEquals':{'aws:SourceAccount':'123456789012'},"
                    + "'ArnLike':{'aws:SourceArn':'arn:aws:ec2:*:123456789012:*'}"),
            List.of(NARROWED)),
        arguments(
            "account in one statement, ARN in another",
            on("'StringEquals':{'aws:SourceAccount':'123456789012'}")
                + ","
                + ownArn("ArnLike", "arn:aws:ec2:*:123456789012:*"),
            List.of(NARROWED)),
        arguments(
            "with a condition and without",
            on("'StringEquals':{'aws:SourceAccount':'123456789012'}") + "," + PLAIN,
            List.of()),
        arguments(
            "TagSession only for the own account",
            PLAIN
                + ","
                + TAG.replace(
                    "Session'}",
                    "Session','Condition':{'StringEquals':{'aws:SourceAccount':'123456789012'}}}"),
            List.of(TAGS)),
        arguments(
            "a Deny of an account", denying("{'AWS':'arn:aws:iam::999999999999:root'}"), DENIES),
        arguments("a Deny of an account by number", denying("{'AWS':'999999999999'}"), DENIES),
        arguments(
            "a Deny of a user and a role",
            denying(
                "{'AWS':['arn:aws:iam::123456789012:user/a','arn:aws:iam::123456789012:role/p/b']}"),
            DENIES),
        arguments(
            "a Deny of a session",
            denying("{'AWS':'arn:aws:sts::123456789012:assumed-role/a/b'}"),
            DENIES),
        arguments("a Deny of who is deleted", denying("{'AWS':'AROAEXAMPLE0000000001'}"), DENIES),
        arguments(
            "a Deny of identity providers",
            denying(
                "{'Federated':['accounts.google.com','arn:aws:iam::123456789012:saml-provider/a']}"),
            DENIES),
        arguments(
            "a Deny of every action of an account",
            PLAIN + ",{'Effect':'Deny','Action':'sts:*','Principal':{'AWS':'999999999999'}}",
            DENIES),
        arguments(
            "an organisation's Deny",
            denyingEveryone(
                "'StringNotEquals':{'aws:PrincipalOrgID':'o-example'},"
                    + "'BoolIfExists':{'aws:PrincipalIsAWSService':'false'}"),
            DENIES),
        arguments("the Deny first", DENY + "{'AWS':'*'}," + NO_SERVICE + "}," + PLAIN, DENIES),
        arguments(
            "a Deny of who is no service",
            denyingEveryone("'Bool':{'aws:PrincipalIsAWSService':'false'}"),
            DENIES),
        arguments(
            "a Deny of who is no service, with a boolean and other letters",
            denyingEveryone("'bool':{'AWS:principalisawsservice':false}"),
            DENIES),
        arguments(
            "a Deny of everyone but one who is no service",
            PLAIN
                + ",{'Effect':'Deny','Action':'sts:*','NotPrincipal':{'AWS':'"
                + OWN
                + "'},"
                + NO_SERVICE
                + "}",
            DENIES),
        arguments(
            "a Deny with a variable",
            denyingEveryone(
                "'StringNotEquals':{'aws:PrincipalTag/team':'${aws:username}'},"
                    + "'Bool':{'aws:PrincipalIsAWSService':'false'}"),
            DENIES),
        arguments(
            "all at once",
            DENY
                + "{'AWS':'*'},"
                + NO_SERVICE
                + "},"
                + TAG
                + ","
                + on("'StringEquals':{'aws:SourceAccount':'123456789012'}"),
            List.of(NARROWED, TAGS, DENIES)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("harmless")
  void whatIsHarmlessIsLeftAloneAndNoted(String what, String statements, Object types) {
    Observation observed = observe(statements);

    assertThat(observed.findings()).isEmpty();
    assertThat(observed.plan().isEmpty()).isTrue();
    assertThat(observed.notes())
        .extracting(Note::type)
        .isEqualTo(types instanceof List<?> list ? list : List.of(types));
  }

  static Stream<Arguments> nearMisses() {
    return Stream.of(
        // what, statements, a part of the finding
        arguments(
            "another account",
            on("'StringEquals':{'aws:SourceAccount':'999999999999'}"),
            "only if StringEquals aws:SourceAccount 999999999999"),
        arguments(
            "a list with another account",
            on("'StringEquals':{'aws:SourceAccount':['123456789012','999999999999']}"),
            "123456789012 or 999999999999"),
        arguments("a list of no account", on("'StringEquals':{'aws:SourceAccount':[]}"), "only if"),
        arguments(
            "IfExists",
            on("'StringEqualsIfExists':{'aws:SourceAccount':'123456789012'}"),
            "StringEqualsIfExists"),
        arguments(
            "StringLike of every account", on("'StringLike':{'aws:SourceAccount':'*'}"), "only if"),
        arguments(
            "StringLike of a part of the account",
            on("'StringLike':{'aws:SourceAccount':'123456*'}"),
            "only if"),
        arguments(
            "StringNotEquals",
            on("'StringNotEquals':{'aws:SourceAccount':'123456789012'}"),
            "only if"),
        arguments(
            "ForAllValues, which holds where the key is missing",
            on("'ForAllValues:StringEquals':{'aws:SourceAccount':'123456789012'}"),
            "ForAllValues"),
        arguments(
            "ForAnyValue",
            on("'ForAnyValue:StringEquals':{'aws:SourceAccount':'123456789012'}"),
            "ForAnyValue"),
        arguments("Null", on("'Null':{'aws:SourceAccount':'false'}"), "only if Null"),
        arguments(
            "NumericEquals",
            on("'NumericEquals':{'aws:SourceAccount':'123456789012'}"),
            "NumericEquals"),
        arguments(
            "a variable for the account",
            on("'StringEquals':{'aws:SourceAccount':'${aws:PrincipalAccount}'}"),
            "only if"),
        arguments(
            "the own account and one thing more",
            on("'StringEquals':{'aws:SourceAccount':'123456789012','aws:PrincipalOrgID':'o-1'}"),
            "aws:PrincipalOrgID"),
        arguments(
            "two accounts that contradict each other",
            on(
                "'StringEquals':{'aws:SourceAccount':'123456789012'},"
                    + "'StringLike':{'aws:SourceAccount':'999999999999'}"),
            "999999999999"),
        arguments(
            "another account's ARN",
            ownArn("ArnLike", "arn:aws:ec2:*:999999999999:*"),
            "999999999999"),
        arguments("every account's ARN", ownArn("ArnLike", "arn:aws:ec2:*:*:*"), "only if"),
        arguments(
            "another service's ARN", ownArn("ArnLike", "arn:aws:ssm:*:123456789012:*"), "ssm"),
        arguments(
            "every service's ARN", ownArn("ArnLike", "arn:aws:*:*:123456789012:*"), "only if"),
        arguments(
            "another partition's ARN",
            ownArn("ArnLike", "arn:aws-cn:ec2:*:123456789012:*"),
            "aws-cn"),
        arguments(
            "an ARN without a Region", ownArn("ArnLike", "arn:aws:ec2::123456789012:*"), "only if"),
        arguments(
            "an ARN of a single instance",
            ownArn("ArnEquals", "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0"),
            "instance/i-0123456789abcdef0"),
        arguments(
            "StringEquals, which takes a wildcard as text",
            ownArn("StringEquals", "arn:aws:ec2:*:123456789012:*"),
            "StringEquals aws:SourceArn"),
        arguments(
            "ArnLikeIfExists",
            ownArn("ArnLikeIfExists", "arn:aws:ec2:*:123456789012:*"),
            "ArnLikeIfExists"),
        arguments(
            "ARNs of the own account and another",
            on(
                "'ArnLike':{'aws:SourceArn':['arn:aws:ec2:*:123456789012:*',"
                    + "'arn:aws:ec2:*:999999999999:*']}"),
            "999999999999"),
        arguments(
            "only under a condition for EC2, and anyone else without",
            on("'StringEquals':{'aws:SourceAccount':'123456789012'}")
                + ",{'Effect':'Allow','Principal':{'Service':'eks.amazonaws.com'},'Action':'sts:AssumeRole'}",
            "also trusts eks.amazonaws.com"),
        arguments(
            "a condition of the own account for another",
            PLAIN
                + ",{'Effect':'Allow','Principal':{'Service':'lambda.amazonaws.com'},'Action':'sts:AssumeRole',"
                + "'Condition':{'StringEquals':{'aws:SourceAccount':'123456789012'}}}",
            "also trusts lambda.amazonaws.com only if"),
        arguments(
            "TagSession for another",
            PLAIN
                + ",{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::123456789012:role/x'},'Action':'sts:TagSession'}",
            "also allows sts:TagSession to arn:aws:iam::123456789012:role/x"),
        arguments(
            "TagSession for everyone",
            PLAIN + ",{'Effect':'Allow','Principal':'*','Action':'sts:TagSession'}",
            "sts:TagSession to everyone (*)"),
        arguments("TagSession alone", TAG, "does not trust ec2.amazonaws.com"),
        arguments(
            "TagSession under another condition",
            PLAIN
                + ","
                + TAG.replace(
                    "Session'}", "Session','Condition':{'StringEquals':{'aws:RequestTag/a':'b'}}}"),
            "sts:TagSession"),
        arguments(
            "SetSourceIdentity",
            PLAIN + "," + TAG.replace("TagSession", "SetSourceIdentity"),
            "also allows sts:SetSourceIdentity"),
        arguments(
            "every action of STS",
            "{'Effect':'Allow'," + EC2 + ",'Action':'sts:*'}",
            "does not trust ec2.amazonaws.com"),
        arguments(
            "the organisation's Deny without its condition",
            denyingEveryone("'StringNotEquals':{'aws:PrincipalOrgID':'o-example'}"),
            "denies sts:AssumeRole to everyone (*)"),
        arguments("a Deny of everyone", denying("'*'"), "denies sts:AssumeRole to everyone (*)"),
        arguments(
            "a Deny of EC2",
            denying("{'Service':'ec2.amazonaws.com'}"),
            "denies sts:AssumeRole to ec2.amazonaws.com"),
        arguments(
            "a Deny of TagSession for EC2",
            PLAIN + "," + TAG.replace("Allow", "Deny"),
            "denies sts:TagSession to ec2.amazonaws.com"),
        arguments(
            "a Deny of everyone but one",
            PLAIN
                + ",{'Effect':'Deny','Action':'sts:AssumeRole','NotPrincipal':{'AWS':'123456789012'}}",
            "denies sts:AssumeRole to everyone but"),
        arguments(
            "a Deny of everyone who is a service",
            denyingEveryone("'Bool':{'aws:PrincipalIsAWSService':'true'}"),
            "denies sts:AssumeRole"),
        arguments(
            "a Deny of everyone, a service or not",
            denyingEveryone("'Bool':{'aws:PrincipalIsAWSService':['true','false']}"),
            "denies sts:AssumeRole"),
        arguments(
            "a Deny of who does not come by a service",
            denyingEveryone("'BoolIfExists':{'aws:ViaAWSService':'false'}"),
            "aws:ViaAWSService"),
        arguments(
            "a Deny with ForAllValues",
            denyingEveryone("'ForAllValues:Bool':{'aws:PrincipalIsAWSService':'false'}"),
            "ForAllValues"),
        arguments(
            "a Deny with Null",
            denyingEveryone("'Null':{'aws:PrincipalIsAWSService':'false'}"),
            "only if Null"),
        arguments(
            "a Deny of an account and everyone",
            denying("{'AWS':['999999999999','*']}"),
            "everyone (*)"),
        arguments(
            "a Deny of who matches a pattern",
            denying("{'AWS':'arn:aws:iam::123456789012:role/*'}"),
            "role/*"),
        arguments(
            "all at once, and a stranger",
            TAG
                + ","
                + on("'StringEquals':{'aws:SourceAccount':'123456789012'}")
                + ",{'Effect':'Allow','Principal':{'AWS':'999999999999'},'Action':'sts:AssumeRole'},"
                + DENY
                + "'*',"
                + NO_SERVICE
                + "}",
            "also trusts 999999999999"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nearMisses")
  void whatOnlyLooksLikeItIsDrift(String what, String statements, String message) {
    Observation observed = observe(statements);

    assertThat(observed.findings()).extracting(Finding::type).containsExactly("TrustPolicyDiffers");
    assertThat(observed.findings().getFirst().message()).contains(message);
    assertThat(observed.notes()).isEmpty();
  }

  @Test
  void theTablesAreLong() {
    assertThat(harmless().count()).isGreaterThan(30);
    assertThat(nearMisses().count()).isGreaterThan(40);
  }

  @Test
  void aNoteSaysWhatItIsAbout() {
    Observation observed =
        observe(
            on("'StringEquals':{'aws:SourceAccount':'123456789012'}")
                + ","
                + DENY
                + "{'AWS':'999999999999'}}");

    assertThat(observed.notes())
        .extracting(Note::message)
        .containsExactly(
            "The trust policy lets EC2 assume the role only if StringEquals aws:SourceAccount"
                + " 123456789012. That binds EC2 to the role's own account: left as it is.",
            "The trust policy also denies sts:AssumeRole to 999999999999. That cannot concern an AWS"
                + " service: left as it is.");
  }

  private static final List<String> HARMLESS_PIECES =
      harmless()
          .map(row -> (String) row.get()[1])
          // What Decision does not know, and a Region that is not that of the instance below.
          .filter(statements -> !statements.contains("${") && !statements.contains("eu-central-1"))
          .toList();

  private static final List<String> HARMFUL_PIECES =
      List.of(
          DENY + "'*'}",
          DENY + "{'Service':'ec2.amazonaws.com'}}",
          DENY + "'*','Condition':{'StringNotEquals':{'aws:PrincipalOrgID':'o-example'}}}",
          "{'Effect':'Allow','Principal':{'AWS':'999999999999'},'Action':'sts:AssumeRole'}",
          "{'Effect':'Allow','Principal':{'Service':'eks.amazonaws.com'},'Action':'sts:AssumeRole'}",
          "{'Effect':'Allow','Principal':'*','Action':'sts:TagSession'}",
          "{'Effect':'Allow'," + EC2 + ",'Action':'sts:SetSourceIdentity'}",
          "{'Effect':'Allow','Principal':{'Service':'lambda.amazonaws.com'},'Action':'sts:AssumeRole',"
              + "'Condition':{'StringEquals':{'aws:SourceAccount':'123456789012'}}}");

  private static final Map<String, String> OF_OWN_INSTANCE =
      Map.of(
          "aws:PrincipalIsAWSService",
          "true",
          "aws:SourceAccount",
          OWN,
          "aws:SourceArn",
          "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0");

  private static final Map<String, String> OF_A_PERSON =
      Map.of("aws:PrincipalIsAWSService", "false", "aws:PrincipalOrgID", "o-other");

  /** By a reading of the text alone, request by request, that knows nothing of the guard's. */
  @Test
  void whateverIsLeftAloneLetsEc2InAndNobodyElse() throws Exception {
    Random random = new Random(Long.getLong("seed", 14));
    int left = 0;
    for (int i = 0; i < 3_000; i++) {
      List<String> pieces = new ArrayList<>();
      for (int many = 1 + random.nextInt(4); many > 0; many--) {
        pieces.add(HARMLESS_PIECES.get(random.nextInt(HARMLESS_PIECES.size())));
      }
      boolean isHarmed = random.nextInt(3) == 0;
      if (isHarmed) {
        pieces.add(HARMFUL_PIECES.get(random.nextInt(HARMFUL_PIECES.size())));
      }
      Collections.shuffle(pieces, random);
      String statements = String.join(",", pieces);

      boolean isLeftAlone = observe(statements).findings().isEmpty();

      assertThat(isLeftAlone).as(statements).isEqualTo(!isHarmed);
      if (isLeftAlone) {
        left++;
        assertRight(new Decision(document(statements)), statements);
      }
    }
    assertThat(left).isGreaterThan(1_500);
  }

  private static void assertRight(Decision decision, String statements) {
    assertThat(decision.allows(ec2("sts:AssumeRole"))).as(statements).isTrue();
    assertThat(decision.allows(ec2("sts:SetSourceIdentity"))).as(statements).isFalse();
    for (String action : List.of("sts:AssumeRole", "sts:TagSession")) {
      for (String account : List.of(OWN, "999999999999", "arn:aws:iam::123456789012:user/a")) {
        assertThat(decision.allows(new Request("AWS", account, action, OF_A_PERSON)))
            .as(statements)
            .isFalse();
      }
      for (String service : List.of("eks.amazonaws.com", "lambda.amazonaws.com")) {
        assertThat(decision.allows(new Request("Service", service, action, OF_OWN_INSTANCE)))
            .as(statements)
            .isFalse();
      }
    }
  }

  private static Request ec2(String action) {
    return new Request("Service", "ec2.amazonaws.com", action, OF_OWN_INSTANCE);
  }

  private static Observation observe(String statements) {
    Actual actual = RoleFixtures.rightRole();
    actual.trustPolicy = document(statements);
    return Observation.of(Target.named(NAME), RoleFixtures.desired(), actual.state());
  }

  private static String document(String statements) {
    return "{'Version':'2012-10-17','Statement':[%s]}".formatted(statements).replace('\'', '"');
  }
}
