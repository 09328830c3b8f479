package io.noderoleguard.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;

/**
 * The same check of a right role as it is usually written: a typed event, the SDK's default HTTP
 * client, Powertools with the Log4j2 file of its manual, and one call after another.
 */
public final class PlainHandler implements RequestHandler<ScheduledEvent, Map<String, String>> {

  private static final Logger LOGGER = LoggerFactory.getLogger(PlainHandler.class);
  private static final String ROLE = "NodeInstanceRole";

  private final IamClient iam = IamClient.builder().region(Region.AWS_GLOBAL).build();

  @Override
  public Map<String, String> handleRequest(ScheduledEvent event, Context context) {
    return PowertoolsLogging.withLogging(context, () -> check(event));
  }

  private Map<String, String> check(ScheduledEvent event) {
    Role role = iam.getRole(get -> get.roleName(ROLE)).role();
    Set<String> policies =
        iam
            .listAttachedRolePoliciesPaginator(list -> list.roleName(ROLE))
            .attachedPolicies()
            .stream()
            .map(AttachedPolicy::policyName)
            .collect(Collectors.toSet());
    boolean inProfile =
        iam
            .listInstanceProfilesForRolePaginator(list -> list.roleName(ROLE))
            .instanceProfiles()
            .stream()
            .findAny()
            .isPresent();
    boolean right =
        role.assumeRolePolicyDocument().contains("ec2.amazonaws.com")
            && policies.containsAll(
                Set.of(
                    "AmazonEKSWorkerNodePolicy",
                    "AmazonEKS_CNI_Policy",
                    "AmazonEC2ContainerRegistryReadOnly"))
            && inProfile;
    String status = right ? "COMPLIANT" : "DRIFTED";
    LOGGER.info("{} is {} at {}", role.arn(), status, event.getTime());
    return Map.of("status", status, "roleArn", role.arn());
  }
}
