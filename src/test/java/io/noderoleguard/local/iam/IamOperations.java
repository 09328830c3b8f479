package io.noderoleguard.local.iam;

import io.noderoleguard.local.iam.IamError.IamException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * IAM's operations: from a call's parameters to the account, and from what it answers to XML.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html">the
 *     operations</a>
 */
final class IamOperations {

  private static final Set<String> ENTITIES =
      Set.of("User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy");

  private IamOperations() {}

  /**
   * Carries a call out.
   *
   * @return the whole answer
   * @throws IamException where IAM refuses
   */
  static String answer(IamAccount account, Call call) {
    synchronized (account) {
      return new Operation(account, call).answer();
    }
  }

  private record Operation(IamAccount account, Call call) {

    String answer() {
      return switch (call.action()) {
        case "GetRole" -> getRole();
        case "CreateRole" -> createRole();
        case "ListRoles" -> listRoles();
        case "DeleteRole" -> done(() -> account.deleteRole(roleName()));
        case "UpdateAssumeRolePolicy" ->
            done(() -> account.updateAssumeRolePolicy(roleName(), required("PolicyDocument")));
        case "ListAttachedRolePolicies" -> listAttachedRolePolicies();
        case "AttachRolePolicy" ->
            done(() -> account.attachRolePolicy(roleName(), required("PolicyArn")));
        case "DetachRolePolicy" ->
            done(() -> account.detachRolePolicy(roleName(), required("PolicyArn")));
        case "ListRolePolicies" -> listRolePolicies();
        case "GetRolePolicy" -> getRolePolicy();
        case "PutRolePolicy" ->
            done(
                () ->
                    account.putRolePolicy(
                        roleName(), required("PolicyName"), required("PolicyDocument")));
        case "DeleteRolePolicy" ->
            done(() -> account.deleteRolePolicy(roleName(), required("PolicyName")));
        case "PutRolePermissionsBoundary" ->
            done(
                () ->
                    account.putRolePermissionsBoundary(
                        roleName(), required("PermissionsBoundary")));
        case "DeleteRolePermissionsBoundary" ->
            done(() -> account.deleteRolePermissionsBoundary(roleName()));
        case "TagRole" -> done(() -> account.tagRole(roleName(), tags()));
        case "UntagRole" ->
            done(() -> account.untagRole(roleName(), call.members("TagKeys", "").toList()));
        case "ListRoleTags" -> listRoleTags();
        case "CreatePolicy" -> createPolicy();
        case "ListInstanceProfilesForRole" -> listInstanceProfilesForRole();
        case "ListInstanceProfiles" -> listInstanceProfiles();
        case "GetInstanceProfile" -> getInstanceProfile();
        case "CreateInstanceProfile" -> createInstanceProfile();
        case "DeleteInstanceProfile" -> done(() -> account.deleteInstanceProfile(profileName()));
        case "AddRoleToInstanceProfile" ->
            done(() -> account.addRoleToInstanceProfile(profileName(), roleName()));
        case "RemoveRoleFromInstanceProfile" ->
            done(() -> account.removeRoleFromInstanceProfile(profileName(), roleName()));
        case "GetAccountAuthorizationDetails" -> getAccountAuthorizationDetails();
        case "SimulatePrincipalPolicy" -> simulatePrincipalPolicy();
        default ->
            throw new IamError(
                    "InvalidAction",
                    400,
                    "Could not find operation " + call.action() + " for version 2010-05-08")
                .exception();
      };
    }

    private String getRole() {
      IamRole role = account.getRole(roleName());
      return result(
          xml ->
              xml.element(
                  "Role",
                  inner -> {
                    identity(inner, role);
                    settings(inner, role);
                    boundary(inner, role);
                    if (!role.tags().isEmpty()) {
                      tags(inner, role.tags());
                    }
                    inner.element("RoleLastUsed", empty -> {});
                  }));
    }

    private String createRole() {
      IamRole role =
          account.createRole(
              new RoleSettings(
                  roleName(),
                  path(),
                  required("AssumeRolePolicyDocument"),
                  call.parameter("Description"),
                  call.parameter("MaxSessionDuration")
                      .map(Operation::number)
                      .orElse(RoleSettings.DEFAULT_SESSION_SECONDS),
                  call.parameter("PermissionsBoundary"),
                  tags()));
      return result(
          xml ->
              xml.element(
                  "Role",
                  inner -> {
                    identity(inner, role);
                    boundary(inner, role);
                    if (!role.tags().isEmpty()) {
                      tags(inner, role.tags());
                    }
                  }));
    }

    private String listRoles() {
      String prefix = call.parameter("PathPrefix").orElse("/");
      List<IamRole> roles =
          account.roles().stream().filter(role -> role.path().startsWith(prefix)).toList();
      Page<IamRole> page = Page.of(roles, role -> role.name().toLowerCase(Locale.ROOT), call);
      return result(
          xml -> {
            xml.list(
                "Roles",
                page.items(),
                role -> {
                  identity(xml, role);
                  settings(xml, role);
                });
            paging(xml, page);
          });
    }

    private String listAttachedRolePolicies() {
      IamRole role = account.getRole(roleName());
      String prefix = call.parameter("PathPrefix").orElse("/");
      Page<String> page =
          Page.of(
              role.attachedPolicyArns().stream()
                  .filter(arn -> arn.substring(arn.indexOf('/')).startsWith(prefix))
                  .sorted()
                  .toList(),
              arn -> arn,
              call);
      return result(
          xml -> {
            attached(xml, "AttachedPolicies", page.items());
            paging(xml, page);
          });
    }

    private String listRolePolicies() {
      List<String> names = List.copyOf(account.getRole(roleName()).inlinePolicies().keySet());
      Page<String> page = Page.of(names, name -> name, call);
      return result(
          xml -> {
            xml.texts("PolicyNames", page.items());
            paging(xml, page);
          });
    }

    private String getRolePolicy() {
      String policyName = required("PolicyName");
      IamRole role = account.getRole(roleName());
      String document = account.getRolePolicy(role.name(), policyName);
      return result(
          xml ->
              xml.element("RoleName", role.name())
                  .element("PolicyName", policyName)
                  .document("PolicyDocument", document));
    }

    private String listRoleTags() {
      Map<String, String> tags = account.getRole(roleName()).tags();
      Page<String> page =
          Page.of(List.copyOf(tags.keySet()), name -> name.toLowerCase(Locale.ROOT), call);
      Map<String, String> pageOfTags = new LinkedHashMap<>();
      page.items().forEach(name -> pageOfTags.put(name, tags.getOrDefault(name, "")));
      return result(
          xml -> {
            tags(xml, pageOfTags);
            paging(xml, page);
          });
    }

    private String createPolicy() {
      ManagedPolicy policy =
          account.createPolicy(required("PolicyName"), path(), required("PolicyDocument"));
      return result(
          xml ->
              xml.element(
                  "Policy",
                  inner ->
                      inner
                          .element("PolicyName", policy.name())
                          .element("PolicyId", policy.id())
                          .element("Arn", policy.arn())
                          .element("Path", policy.path())
                          .element("DefaultVersionId", "v1")
                          .element("AttachmentCount", 0)
                          .element("PermissionsBoundaryUsageCount", 0)
                          .element("IsAttachable", true)
                          .element("CreateDate", policy.createDate())
                          .element("UpdateDate", policy.createDate())));
    }

    private String listInstanceProfilesForRole() {
      IamRole role = account.getRole(roleName());
      Page<IamInstanceProfile> page =
          Page.of(account.instanceProfilesOf(role.name()), IamInstanceProfile::name, call);
      return result(
          xml -> {
            xml.list("InstanceProfiles", page.items(), profile -> profile(xml, profile));
            paging(xml, page);
          });
    }

    private String listInstanceProfiles() {
      String prefix = call.parameter("PathPrefix").orElse("/");
      Page<IamInstanceProfile> page =
          Page.of(
              account.instanceProfiles().stream()
                  .filter(profile -> profile.path().startsWith(prefix))
                  .toList(),
              IamInstanceProfile::name,
              call);
      return result(
          xml -> {
            xml.list("InstanceProfiles", page.items(), profile -> profile(xml, profile));
            paging(xml, page);
          });
    }

    private String getInstanceProfile() {
      IamInstanceProfile profile = account.getInstanceProfile(profileName());
      return result(
          xml ->
              xml.element(
                  "InstanceProfile",
                  inner -> {
                    profile(inner, profile);
                    tags(inner, profile.tags());
                  }));
    }

    private String createInstanceProfile() {
      IamInstanceProfile profile = account.createInstanceProfile(profileName(), path(), tags());
      return result(
          xml ->
              xml.element(
                  "InstanceProfile",
                  inner -> {
                    profile(inner, profile);
                    if (!profile.tags().isEmpty()) {
                      tags(inner, profile.tags());
                    }
                  }));
    }

    private String simulatePrincipalPolicy() {
      Page<Simulation.Result> page = Page.byPlace(Simulation.of(account, call).results(), call);
      return result(
          xml -> {
            SimulationXml.results(xml, page.items());
            paging(xml, page);
          });
    }

    private String getAccountAuthorizationDetails() {
      List<String> filter = call.members("Filter", "").toList();
      checkFilter(filter);
      List<IamRole> roles = filter.contains("Role") ? account.roles() : List.of();
      Page<IamRole> page = Page.of(roles, role -> role.name().toLowerCase(Locale.ROOT), call);
      return result(
          xml -> {
            paging(xml, page);
            xml.texts("UserDetailList", List.of());
            xml.texts("GroupDetailList", List.of());
            xml.list("RoleDetailList", page.items(), role -> detail(xml, role));
            xml.texts("Policies", List.of());
          });
    }

    private void checkFilter(List<String> filter) {
      if (!ENTITIES.containsAll(filter)) {
        throw IamError.validationError(
                "1 validation error detected: Value at 'filter' failed to satisfy constraint:"
                    + " Member must satisfy constraint: [Member must satisfy enum value set:"
                    + " [User, Role, Group, LocalManagedPolicy, AWSManagedPolicy]]")
            .exception();
      }
      // An empty list where IAM would list policies would be a lie.
      if (filter.isEmpty() || filter.stream().anyMatch(entity -> entity.endsWith("Policy"))) {
        throw new IamError(
                "NotImplemented", 501, "Only the filters Role, User and Group are known here.")
            .exception();
      }
    }

    private void detail(IamXml xml, IamRole role) {
      identity(xml, role);
      xml.list(
          "InstanceProfileList",
          account.instanceProfilesOf(role.name()),
          profile -> profile(xml, profile));
      xml.list(
          "RolePolicyList",
          role.inlinePolicies().entrySet(),
          policy ->
              xml.element("PolicyName", policy.getKey())
                  .document("PolicyDocument", policy.getValue()));
      attached(xml, "AttachedManagedPolicies", role.attachedPolicyArns());
      boundary(xml, role);
      tags(xml, role.tags());
      xml.element("RoleLastUsed", empty -> {});
    }

    /** What every answer says of a role, even one inside an instance profile. */
    private static void identity(IamXml xml, IamRole role) {
      xml.element("Path", role.path())
          .element("RoleName", role.name())
          .element("RoleId", role.id())
          .element("Arn", role.arn())
          .element("CreateDate", role.createDate())
          .document("AssumeRolePolicyDocument", role.trustPolicy());
    }

    private static void settings(IamXml xml, IamRole role) {
      role.description().ifPresent(description -> xml.element("Description", description));
      xml.element("MaxSessionDuration", role.maxSessionDuration());
    }

    private static void boundary(IamXml xml, IamRole role) {
      role.permissionsBoundary()
          .ifPresent(
              arn ->
                  xml.element(
                      "PermissionsBoundary",
                      inner ->
                          inner
                              .element("PermissionsBoundaryType", "Policy")
                              .element("PermissionsBoundaryArn", arn)));
    }

    private void profile(IamXml xml, IamInstanceProfile profile) {
      xml.element("Path", profile.path())
          .element("InstanceProfileName", profile.name())
          .element("InstanceProfileId", profile.id())
          .element("Arn", profile.arn())
          .element("CreateDate", profile.createDate())
          .list(
              "Roles",
              profile.roleName().flatMap(account::role).stream().toList(),
              role -> identity(xml, role));
    }

    private static void attached(IamXml xml, String name, List<String> arns) {
      xml.list(
          name,
          arns,
          arn ->
              xml.element("PolicyName", arn.substring(arn.lastIndexOf('/') + 1))
                  .element("PolicyArn", arn));
    }

    private static void tags(IamXml xml, Map<String, String> tags) {
      xml.list(
          "Tags",
          tags.entrySet(),
          tag -> xml.element("Key", tag.getKey()).element("Value", tag.getValue()));
    }

    private static void paging(IamXml xml, Page<?> page) {
      xml.element("IsTruncated", page.marker().isPresent());
      page.marker().ifPresent(marker -> xml.element("Marker", marker));
    }

    private String done(Runnable change) {
      change.run();
      return response(xml -> {});
    }

    private String result(Consumer<IamXml> content) {
      return response(xml -> xml.element(call.action() + "Result", content));
    }

    private String response(Consumer<IamXml> content) {
      return IamXml.document(
          call.action() + "Response",
          IamXml.NAMESPACE,
          xml -> {
            content.accept(xml);
            xml.element("ResponseMetadata", inner -> inner.element("RequestId", UUID.randomUUID()));
          });
    }

    private String roleName() {
      return required("RoleName");
    }

    private String profileName() {
      return required("InstanceProfileName");
    }

    private String path() {
      return call.parameter("Path").orElse("/");
    }

    private List<RoleSettings.Tag> tags() {
      List<String> keys = call.members("Tags", ".Key").toList();
      List<RoleSettings.Tag> tags = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        String value = call.parameter("Tags.member." + (i + 1) + ".Value").orElse("");
        tags.add(new RoleSettings.Tag(keys.get(i), value));
      }
      return tags;
    }

    private String required(String name) {
      return Constraints.required(call, name);
    }

    private static int number(String text) {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw new IamError("MalformedInput", 400, text + " is not a number").exception();
      }
    }
  }
}
