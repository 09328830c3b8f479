package io.noderoleguard.local.iam;

import io.noderoleguard.local.iam.IamError.IamException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What IAM knows of one account's roles, and IAM's rules for changing it. It is its own monitor: a
 * call is carried out whole or, ending in an {@link IamException}, not at all.
 *
 * <p>Methods are named as IAM's operations. Names of roles and profiles are found in any letter
 * case, as <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html">IAM
 * does not distinguish them by case</a>.
 */
public final class IamAccount {

  private static final int MANAGED_POLICIES_PER_ROLE = 10;
  private static final int INLINE_POLICY_CHARACTERS_PER_ROLE = 10_240;
  private static final int TAGS_PER_ROLE = 50;
  private static final String ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private final String partition;
  private final String accountId;
  private final NavigableMap<String, IamRole> roles;
  private final NavigableMap<String, IamInstanceProfile> profiles;
  private final NavigableMap<String, ManagedPolicy> policies;
  private List<List<String>> serviceControlPolicies = List.of();
  private final Pattern policyArn;
  private final Pattern principalArn;
  private final Pattern identityProviderArn;

  public IamAccount(String partition, String accountId) {
    this(partition, accountId, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
  }

  private IamAccount(
      String partition,
      String accountId,
      NavigableMap<String, IamRole> roles,
      NavigableMap<String, IamInstanceProfile> profiles,
      NavigableMap<String, ManagedPolicy> policies) {
    this.partition = partition;
    this.accountId = accountId;
    this.roles = roles;
    this.profiles = profiles;
    this.policies = policies;
    this.policyArn = Pattern.compile("arn:" + partition + ":iam::(\\d{12}|aws):policy/(\\S+)");
    this.principalArn =
        Pattern.compile(
            "arn:"
                + partition
                + ":(iam::\\d{12}:(root|(user|role)/\\S+)"
                + "|sts::\\d{12}:(assumed-role|federated-user)/\\S+)");
    this.identityProviderArn =
        Pattern.compile("arn:" + partition + ":iam::\\d{12}:(oidc|saml)-provider/\\S+");
  }

  /** The account as it is now; what happens to one of the two does not show in the other. */
  synchronized IamAccount copy() {
    IamAccount copy =
        new IamAccount(
            partition,
            accountId,
            new TreeMap<>(roles),
            new TreeMap<>(profiles),
            new TreeMap<>(policies));
    copy.serviceControlPolicies = serviceControlPolicies;
    return copy;
  }

  public String partition() {
    return partition;
  }

  public String accountId() {
    return accountId;
  }

  /** The ARN of the managed policy of AWS of that name, its path included, in this partition. */
  public String awsPolicyArn(String name) {
    return "arn:" + partition + ":iam::aws:policy/" + name;
  }

  // Roles

  public synchronized Optional<IamRole> role(String name) {
    return Optional.ofNullable(roles.get(key(name)));
  }

  /** All of them, by name. */
  public synchronized List<IamRole> roles() {
    return List.copyOf(roles.values());
  }

  public synchronized IamRole getRole(String name) {
    Constraints.roleName(name);
    return role(name).orElseThrow(() -> IamError.noSuchRole(name).exception());
  }

  public IamRole createRole(String name, String trustPolicy) {
    return createRole(name, "/", trustPolicy);
  }

  public IamRole createRole(String name, String path, String trustPolicy) {
    return createRole(RoleSettings.of(name, path, trustPolicy));
  }

  public synchronized IamRole createRole(RoleSettings settings) {
    if (IamRole.isReserved(settings.path())) {
      throw IamError.invalidInput("Path " + settings.path() + " is reserved for AWS.").exception();
    }
    return addRole(settings);
  }

  /** Makes a role that only AWS may change, as AWS itself does. */
  public synchronized IamRole createServiceLinkedRole(String service, String name) {
    String trustPolicy =
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"%s"},\
        "Action":"sts:AssumeRole"}]}"""
            .formatted(service);
    return addRole(RoleSettings.of(name, "/aws-service-role/" + service + "/", trustPolicy));
  }

  private IamRole addRole(RoleSettings settings) {
    String name = settings.name();
    Constraints.roleName(name);
    Constraints.path(settings.path());
    new Constraints()
        .length("assumeRolePolicyDocument", settings.trustPolicy(), 1, 131_072)
        .length("description", settings.description().orElse(""), 0, 1000)
        .range("maxSessionDuration", settings.maxSessionDuration(), 3600, 43_200)
        .tags(settings.tags())
        .check();
    checkTagKeys(settings.tags());
    if (roles.containsKey(key(name))) {
      throw IamError.entityAlreadyExists("Role with name " + name + " already exists.").exception();
    }
    PolicyRules.checkTrustPolicy(settings.trustPolicy(), this::canBeTrusted);
    settings.permissionsBoundary().ifPresent(this::checkBoundary);
    IamRole role =
        new IamRole(
            name,
            settings.path(),
            arn("role", settings.path(), name),
            newId("AROA"),
            now(),
            settings.trustPolicy(),
            settings.description(),
            settings.maxSessionDuration(),
            List.of(),
            new TreeMap<>(),
            merged(new TreeMap<>(), settings.tags()),
            settings.permissionsBoundary(),
            new TreeSet<>());
    roles.put(key(name), role);
    return role;
  }

  synchronized void deleteRole(String name) {
    IamRole role = modifiableRole(name);
    if (!instanceProfilesOf(name).isEmpty()) {
      throw IamError.deleteConflict("must remove roles from instance profile first.").exception();
    }
    if (!role.attachedPolicyArns().isEmpty()) {
      throw IamError.deleteConflict("must detach all policies first.").exception();
    }
    if (!role.inlinePolicies().isEmpty()) {
      throw IamError.deleteConflict("must delete policies first.").exception();
    }
    roles.remove(key(name));
  }

  /** Deletes the role with all that would be in the way, as a person in the console does. */
  public synchronized void deleteRoleAndWhatItHas(String name) {
    instanceProfilesOf(name)
        .forEach(profile -> removeRoleFromInstanceProfile(profile.name(), name));
    change(
        name,
        role -> {
          role.attachedPolicyArns = List.of();
          role.inlinePolicies = new TreeMap<>();
        });
    deleteRole(name);
  }

  public synchronized void updateAssumeRolePolicy(String name, String trustPolicy) {
    new Constraints().length("policyDocument", trustPolicy, 1, 131_072).check();
    modifiableRole(name);
    PolicyRules.checkTrustPolicy(trustPolicy, this::canBeTrusted);
    change(name, role -> role.trustPolicy = trustPolicy);
  }

  // Policies of roles

  public synchronized void attachRolePolicy(String name, String policyArn) {
    IamRole role = modifiableRole(name);
    checkAttachable(policyArn);
    List<String> attached = new ArrayList<>(role.attachedPolicyArns());
    if (attached.contains(policyArn)) {
      return;
    }
    if (attached.size() == MANAGED_POLICIES_PER_ROLE) {
      throw IamError.limitExceeded("PoliciesPerRole", MANAGED_POLICIES_PER_ROLE).exception();
    }
    attached.add(policyArn);
    change(name, changed -> changed.attachedPolicyArns = attached);
  }

  public synchronized void detachRolePolicy(String name, String policyArn) {
    IamRole role = modifiableRole(name);
    checkPolicyArn(policyArn);
    List<String> attached = new ArrayList<>(role.attachedPolicyArns());
    if (!attached.remove(policyArn)) {
      throw IamError.noSuchEntity("Policy " + policyArn + " was not found.").exception();
    }
    change(name, changed -> changed.attachedPolicyArns = attached);
  }

  public synchronized String getRolePolicy(String name, String policyName) {
    Constraints.policyName(policyName);
    return Optional.ofNullable(getRole(name).inlinePolicies().get(policyName))
        .orElseThrow(() -> noSuchRolePolicy(policyName));
  }

  public synchronized void putRolePolicy(String name, String policyName, String document) {
    Constraints.policyName(policyName);
    new Constraints().length("policyDocument", document, 1, 131_072).check();
    NavigableMap<String, String> inline = new TreeMap<>(modifiableRole(name).inlinePolicies());
    PolicyRules.checkPermissionPolicy(document);
    inline.put(policyName, document);
    if (inline.values().stream().mapToLong(PolicyRules::sizeWithoutWhitespace).sum()
        > INLINE_POLICY_CHARACTERS_PER_ROLE) {
      throw new IamError(
              "LimitExceeded",
              409,
              "Maximum policy size of "
                  + INLINE_POLICY_CHARACTERS_PER_ROLE
                  + " bytes exceeded for role "
                  + name)
          .exception();
    }
    change(name, role -> role.inlinePolicies = inline);
  }

  public synchronized void deleteRolePolicy(String name, String policyName) {
    Constraints.policyName(policyName);
    NavigableMap<String, String> inline = new TreeMap<>(modifiableRole(name).inlinePolicies());
    if (inline.remove(policyName) == null) {
      throw noSuchRolePolicy(policyName);
    }
    change(name, role -> role.inlinePolicies = inline);
  }

  public synchronized void putRolePermissionsBoundary(String name, String policyArn) {
    modifiableRole(name);
    checkBoundary(policyArn);
    change(name, role -> role.permissionsBoundary = Optional.of(policyArn));
  }

  public synchronized void deleteRolePermissionsBoundary(String name) {
    modifiableRole(name);
    change(name, role -> role.permissionsBoundary = Optional.empty());
  }

  /** A customer's managed policy under the path {@code /}. */
  public ManagedPolicy createPolicy(String name, String document) {
    return createPolicy(name, "/", document);
  }

  synchronized ManagedPolicy createPolicy(String name, String path, String document) {
    Constraints.policyName(name);
    Constraints.path(path);
    PolicyRules.checkPermissionPolicy(document);
    String arn = arn("policy", path, name);
    if (policies.values().stream().anyMatch(policy -> policy.name().equalsIgnoreCase(name))) {
      throw IamError.entityAlreadyExists(
              "A policy called " + name + " already exists. Duplicate names are not allowed.")
          .exception();
    }
    ManagedPolicy policy = new ManagedPolicy(name, path, arn, newId("ANPA"), now(), document);
    policies.put(arn, policy);
    return policy;
  }

  /**
   * Puts the account into an organization.
   *
   * @param levels the documents of the service control policies that hold for each level, from the
   *     root to the account; none, and the account is in no organization
   */
  public synchronized void serviceControlPolicies(List<List<String>> levels) {
    serviceControlPolicies = levels.stream().map(List::copyOf).toList();
  }

  /** What all policies together say of a role's requests. */
  synchronized PolicyEvaluation policiesOf(IamRole role) {
    List<PolicySource> identity = new ArrayList<>();
    role.inlinePolicies()
        .forEach(
            (name, document) ->
                identity.add(PolicySource.identity("role_" + role.name() + "_" + name, document)));
    role.attachedPolicyArns()
        .forEach(arn -> identity.add(PolicySource.identity(policyName(arn), document(arn))));
    return new PolicyEvaluation(
        List.copyOf(identity),
        role.permissionsBoundary()
            .map(arn -> PolicySource.boundary(policyName(arn), document(arn))),
        serviceControlPolicies.stream()
            .map(level -> level.stream().map(PolicySource::serviceControl).toList())
            .toList());
  }

  private String document(String policyArn) {
    return Optional.ofNullable(policies.get(policyArn))
        .map(ManagedPolicy::document)
        .or(
            () ->
                AwsManagedPolicies.document(resource(policyArn))
                    // As AWS writes them in its other partitions.
                    .map(document -> document.replace("arn:aws:", "arn:" + partition + ":")))
        .orElseThrow(() -> new IllegalStateException("no document of " + policyArn));
  }

  private static String policyName(String policyArn) {
    return policyArn.substring(policyArn.lastIndexOf('/') + 1);
  }

  // Tags

  public void tagRole(String name, String key, String value) {
    tagRole(name, List.of(new RoleSettings.Tag(key, value)));
  }

  public synchronized void tagRole(String name, List<RoleSettings.Tag> tags) {
    new Constraints().tags(tags).check();
    checkTagKeys(tags);
    NavigableMap<String, String> merged = merged(modifiableRole(name).tags(), tags);
    if (merged.size() > TAGS_PER_ROLE) {
      throw IamError.limitExceeded("TagsPerRole", TAGS_PER_ROLE).exception();
    }
    change(name, role -> role.tags = merged);
  }

  synchronized void untagRole(String name, List<String> keys) {
    new Constraints().tagKeys(keys).check();
    NavigableMap<String, String> left = new TreeMap<>(modifiableRole(name).tags());
    keys.forEach(left::remove);
    change(name, role -> role.tags = left);
  }

  // Instance profiles

  public synchronized Optional<IamInstanceProfile> instanceProfile(String name) {
    return Optional.ofNullable(profiles.get(key(name)));
  }

  /** All of them, by name. */
  public synchronized List<IamInstanceProfile> instanceProfiles() {
    return List.copyOf(profiles.values());
  }

  /** Those that hold the role, by name; none for a role that does not exist. */
  public synchronized List<IamInstanceProfile> instanceProfilesOf(String roleName) {
    return role(roleName).stream()
        .flatMap(role -> role.instanceProfileNames().stream())
        .map(this::getInstanceProfile)
        .toList();
  }

  public synchronized IamInstanceProfile getInstanceProfile(String name) {
    Constraints.instanceProfileName(name);
    return instanceProfile(name)
        .orElseThrow(
            () ->
                IamError.noSuchEntity("Instance Profile " + name + " cannot be found.")
                    .exception());
  }

  public IamInstanceProfile createInstanceProfile(String name) {
    return createInstanceProfile(name, "/", List.of());
  }

  public synchronized IamInstanceProfile createInstanceProfile(
      String name, String path, List<RoleSettings.Tag> tags) {
    Constraints.instanceProfileName(name);
    Constraints.path(path);
    new Constraints().tags(tags).check();
    checkTagKeys(tags);
    if (profiles.containsKey(key(name))) {
      throw IamError.entityAlreadyExists("Instance Profile " + name + " already exists.")
          .exception();
    }
    IamInstanceProfile profile =
        new IamInstanceProfile(
            name,
            path,
            arn("instance-profile", path, name),
            newId("AIPA"),
            now(),
            merged(new TreeMap<>(), tags),
            Optional.empty());
    profiles.put(key(name), profile);
    return profile;
  }

  public synchronized void deleteInstanceProfile(String name) {
    if (getInstanceProfile(name).roleName().isPresent()) {
      throw IamError.deleteConflict("must remove roles from instance profile first.").exception();
    }
    profiles.remove(key(name));
  }

  public synchronized void addRoleToInstanceProfile(String profileName, String roleName) {
    IamInstanceProfile profile = getInstanceProfile(profileName);
    IamRole role = modifiableRole(roleName);
    if (profile.roleName().isPresent()) {
      throw IamError.limitExceeded("InstanceSessionsPerInstanceProfile", 1).exception();
    }
    profiles.put(key(profileName), profile.withRoleName(Optional.of(role.name())));
    NavigableSet<String> names = new TreeSet<>(role.instanceProfileNames());
    names.add(profile.name());
    change(roleName, changed -> changed.instanceProfileNames = names);
  }

  public synchronized void removeRoleFromInstanceProfile(String profileName, String roleName) {
    IamInstanceProfile profile = getInstanceProfile(profileName);
    IamRole role = modifiableRole(roleName);
    if (!profile.holds(roleName)) {
      throw IamError.noSuchEntity(
              "Role " + roleName + " in Instance Profile " + profileName + " cannot be found.")
          .exception();
    }
    profiles.put(key(profileName), profile.withRoleName(Optional.empty()));
    NavigableSet<String> names = new TreeSet<>(role.instanceProfileNames());
    names.remove(profile.name());
    change(roleName, changed -> changed.instanceProfileNames = names);
  }

  // Rules

  private IamRole modifiableRole(String name) {
    IamRole role = getRole(name);
    if (role.isProtected()) {
      throw IamError.unmodifiableEntity(name).exception();
    }
    return role;
  }

  private void change(String name, Consumer<IamRole.Draft> change) {
    roles.put(key(name), getRole(name).changed(change));
  }

  private void checkPolicyArn(String arn) {
    new Constraints().length("policyArn", arn, 20, 2048).check();
    if (!policyArn.matcher(arn).matches()) {
      throw IamError.validationError("ARN " + arn + " is not valid.").exception();
    }
  }

  private void checkAttachable(String arn) {
    checkPolicyArn(arn);
    if (!policyExists(arn)) {
      throw IamError.noSuchEntity("Policy " + arn + " does not exist or is not attachable.")
          .exception();
    }
    if (AwsManagedPolicies.isForServiceLinkedRoles(resource(arn))) {
      throw new IamError(
              "PolicyNotAttachable", 400, "Cannot attach a Service Role Policy to a Customer Role.")
          .exception();
    }
  }

  private void checkBoundary(String arn) {
    if (!policyArn.matcher(arn).matches()) {
      throw IamError.invalidInput("ARN " + arn + " is not valid.").exception();
    }
    if (!policyExists(arn)) {
      throw IamError.noSuchEntity("Scope ARN: " + arn + " does not exist or is not attachable.")
          .exception();
    }
  }

  private boolean policyExists(String arn) {
    return policies.containsKey(arn)
        || (arn.startsWith(awsPolicyArn("")) && AwsManagedPolicies.contains(resource(arn)));
  }

  private static String resource(String arn) {
    return arn.substring(arn.indexOf('/') + 1);
  }

  /**
   * IAM looks up the principals of a trust policy. Roles of this account are known here; users,
   * identity providers and other accounts are not, so that those need only be well-formed.
   */
  private boolean canBeTrusted(String type, String principal) {
    if (type.equals("Federated")) {
      return identityProviderArn.matcher(principal).matches()
          || principal.matches("[a-z0-9-]+(\\.[a-z0-9-]+)+");
    }
    if (principal.equals("*") || principal.matches("\\d{12}")) {
      return true;
    }
    String ownRole = "arn:" + partition + ":iam::" + accountId + ":role/";
    if (principal.startsWith(ownRole)) {
      String name = principal.substring(principal.lastIndexOf('/') + 1);
      return role(name).filter(role -> role.arn().equals(principal)).isPresent();
    }
    return principalArn.matcher(principal).matches();
  }

  private static void checkTagKeys(List<RoleSettings.Tag> tags) {
    Set<String> keys = new HashSet<>();
    for (RoleSettings.Tag tag : tags) {
      if (!keys.add(key(tag.key()))) {
        throw IamError.invalidInput(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
            .exception();
      }
      if (key(tag.key()).startsWith("aws:")) {
        throw IamError.invalidInput("System tags cannot be added/updated by requester.")
            .exception();
      }
    }
  }

  /** A key that is there in another letter case is replaced, not joined by a second one. */
  private static NavigableMap<String, String> merged(
      NavigableMap<String, String> tags, List<RoleSettings.Tag> added) {
    NavigableMap<String, String> merged = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    merged.putAll(tags);
    for (RoleSettings.Tag tag : added) {
      merged.remove(tag.key());
      merged.put(tag.key(), tag.value());
    }
    return Collections.unmodifiableNavigableMap(merged);
  }

  private static IamException noSuchRolePolicy(String policyName) {
    return IamError.noSuchEntity("The role policy with name " + policyName + " cannot be found.")
        .exception();
  }

  private String arn(String type, String path, String name) {
    return "arn:" + partition + ":iam::" + accountId + ":" + type + path + name;
  }

  private static String newId(String prefix) {
    StringBuilder id = new StringBuilder(prefix);
    ThreadLocalRandom.current()
        .ints(17, 0, ID_CHARACTERS.length())
        .forEach(index -> id.append(ID_CHARACTERS.charAt(index)));
    return id.toString();
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
