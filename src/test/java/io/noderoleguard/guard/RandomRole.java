package io.noderoleguard.guard;

import io.noderoleguard.role.Requirements;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Tag;

/**
 * A node role in a state made by chance, and what is asked of it: the same for the same seed. It is
 * put into an account by IAM's API alone.
 */
final class RandomRole {

  static final String BOUNDARY = policy("PowerUserAccess");
  static final String BYSTANDER = "Bystander";

  private static final List<String> EXTRA_POLICIES =
      List.of(
          policy("AmazonSSMManagedInstanceCore"),
          policy("CloudWatchAgentServerPolicy"),
          policy("AmazonS3ReadOnlyAccess"),
          policy("AmazonEC2ReadOnlyAccess"),
          policy("SecurityAudit"),
          policy("ReadOnlyAccess"),
          policy("AmazonEKSClusterPolicy"));

  private static final List<String> TRUST_STATEMENTS =
      List.of(
          // the first three mean what they should
          "'Effect':'Allow','Principal':{'Service':'ec2.amazonaws.com'},'Action':'sts:AssumeRole'",
          "'Sid':'Nodes','Effect':'Allow','Principal':{'Service':['ec2.amazonaws.com']},'Action':['STS:assumerole']",
          "'Action':'sts:AssumeRole','Condition':{},'Effect':'Allow','Principal':{'Service':'ec2.amazonaws.com'}",
          "'Effect':'Allow','Principal':{'AWS':'*'},'Action':'sts:AssumeRole'",
          "'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::999999999999:root'},'Action':'sts:AssumeRole'",
          "'Effect':'Allow','Principal':{'Service':['ec2.amazonaws.com','lambda.amazonaws.com']},'Action':'sts:AssumeRole'",
          "'Effect':'Allow','Principal':{'Service':'ec2.amazonaws.com'},'Action':['sts:AssumeRole','sts:TagSession']",
          "'Effect':'Allow','Principal':{'Service':'ec2.amazonaws.com'},'Action':'sts:AssumeRole','Condition':{'StringEquals':{'aws:SourceAccount':'123456789012'}}",
          "'Effect':'Deny','Principal':{'Service':'ec2.amazonaws.com'},'Action':'sts:AssumeRole'");

  private final boolean tagKeysInAnyCase;
  private final Random random;
  private final String name;
  private final Requirements requirements;

  /**
   * @param tagKeysInAnyCase whether a tag's key may be in other letters than the desired one: moto
   *     then has two tags, where IAM has one
   */
  RandomRole(long seed, boolean tagKeysInAnyCase) {
    this.tagKeysInAnyCase = tagKeysInAnyCase;
    this.random = new Random(seed);
    this.name = "Node-%016x".formatted(seed);
    this.requirements =
        new Requirements(
            chance(20) ? Optional.of(path()) : Optional.empty(),
            chance(80) ? Requirements.DEFAULT_POLICIES : subset(Requirements.DEFAULT_POLICIES),
            chance(30) ? Optional.of(BOUNDARY) : Optional.empty(),
            chance(50) ? Map.of("team", "nodes", "stage", "prod") : Map.of());
  }

  String name() {
    return name;
  }

  Requirements requirements() {
    return requirements;
  }

  private static String policy(String name) {
    return "arn:aws:iam::aws:policy/" + name;
  }

  private static String firstOf(String alternatives) {
    return policy(alternatives.split("\\|", -1)[0]);
  }

  static List<String> requiredArns(Requirements requirements) {
    return requirements.policies().stream().map(RandomRole::firstOf).toList();
  }

  void arrange(IamClient iam) {
    String bystander = BYSTANDER + name;
    iam.createRole(create -> create.roleName(bystander).assumeRolePolicyDocument(trust()));
    if (chance(85)) {
      arrangeRole(iam);
      int profiles = random.nextInt(3);
      for (int i = 0; i < profiles; i++) {
        String profile = name + "-" + i;
        createProfile(iam, profile, path());
        fill(iam, profile, name);
      }
      if (chance(60)) {
        createProfile(iam, name, "/");
        int holder = random.nextInt(3);
        if (holder > 0) {
          fill(iam, name, holder == 1 ? name : bystander);
        }
      }
    } else if (chance(50)) {
      createProfile(iam, name, path());
      if (chance(30)) {
        fill(iam, name, bystander);
      }
    }
  }

  private void arrangeRole(IamClient iam) {
    List<Tag> tags =
        List.of("team=nodes", "team=others", "Team=others", "stage=prod", "owner=x y", "Cost=")
            .stream()
            .filter(_ -> chance(40))
            .filter(tag -> tagKeysInAnyCase || !tag.startsWith("Team"))
            .map(tag -> tag.split("=", -1))
            .map(tag -> Tag.builder().key(tag[0]).value(tag[1]).build())
            .toList();
    Map<String, Tag> distinct = new HashMap<>();
    tags.forEach(tag -> distinct.put(tag.key().toLowerCase(Locale.ROOT), tag));
    String path = path();
    String trust = trust();
    String boundary = chance(50) ? policy("PowerUserAccess") : policy("AdministratorAccess");
    boolean bounded = chance(50);
    iam.createRole(
        create ->
            create
                .roleName(name)
                .path(path)
                .assumeRolePolicyDocument(trust)
                .description("made by chance")
                .maxSessionDuration(7200)
                .permissionsBoundary(bounded ? boundary : null)
                .tags(distinct.values()));
    List<String> attached = new ArrayList<>(subset(EXTRA_POLICIES));
    subset(Requirements.DEFAULT_POLICIES).forEach(each -> attached.add(firstOf(each)));
    attached.forEach(arn -> iam.attachRolePolicy(call -> call.roleName(name).policyArn(arn)));
    subset(List.of("logs", "queue"))
        .forEach(
            inline ->
                iam.putRolePolicy(
                    put ->
                        put.roleName(name)
                            .policyName(inline)
                            .policyDocument(
                                """
                                {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
                                "Action":"%s:Get*","Resource":"*"}]}"""
                                    .formatted(inline))));
  }

  private static void createProfile(IamClient iam, String profile, String path) {
    iam.createInstanceProfile(create -> create.instanceProfileName(profile).path(path));
  }

  private static void fill(IamClient iam, String profile, String role) {
    iam.addRoleToInstanceProfile(add -> add.instanceProfileName(profile).roleName(role));
  }

  private String path() {
    return chance(50) ? "/" : "/eks/";
  }

  /** Of one statement or two; more often a right one than each of the others. */
  private String trust() {
    List<String> statements = new ArrayList<>();
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      statements.add(TRUST_STATEMENTS.get(chance(50) ? random.nextInt(3) : random.nextInt(9)));
    }
    return "{'Version':'2012-10-17','Statement':[%s]}"
        .formatted(String.join(",", statements.stream().distinct().map("{%s}"::formatted).toList()))
        .replace('\'', '"');
  }

  private <T> List<T> subset(List<T> all) {
    List<T> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);
    return List.copyOf(shuffled.subList(0, random.nextInt(all.size() + 1)));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }
}
