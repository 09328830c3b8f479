package io.noderoleguard.local.eks;

import io.noderoleguard.local.iam.IamError;

/**
 * The errors of EKS, by the codes and statuses of its <a
 * href="https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html">API reference</a>.
 */
public final class EksError {

  private EksError() {}

  public static IamError notFound(String message) {
    return new IamError("ResourceNotFoundException", 404, message);
  }

  static IamError noCluster(String name) {
    return notFound("No cluster found for name: " + name + ".");
  }

  static IamError noEntry(String principalArn) {
    return notFound(
        "The specified principalArn could not be found. You can view your available access entries"
            + " with 'list-access-entries'. ("
            + principalArn
            + ")");
  }

  public static IamError inUse() {
    return new IamError(
        "ResourceInUseException",
        409,
        "The specified access entry resource is already in use on this cluster.");
  }

  public static IamError limitExceeded() {
    return new IamError(
        "ResourceLimitExceededException", 400, "Too many access entries on this cluster.");
  }

  public static IamError invalidParameter(String message) {
    return new IamError("InvalidParameterException", 400, message);
  }

  /** What is answered while IAM's news of a role have not arrived. */
  public static IamError invalidPrincipal() {
    return invalidParameter("The specified principalArn is invalid: invalid principal.");
  }

  public static IamError invalidRequest(String message) {
    return new IamError("InvalidRequestException", 400, message);
  }

  static IamError configMapOnly() {
    return invalidRequest(
        "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to"
            + " perform this operation.");
  }

  public static IamError throttling() {
    return new IamError("ThrottlingException", 429, "Rate exceeded");
  }

  public static IamError serverError() {
    return new IamError("ServerException", 500, "Internal server error");
  }

  public static IamError unavailable() {
    return new IamError("ServiceUnavailableException", 503, "Service unavailable");
  }

  static IamError denied(String action) {
    return new IamError(
        "AccessDeniedException",
        403,
        "User: arn:aws:sts::123456789012:assumed-role/guard/run is not authorized to perform: eks:"
            + action
            + " because no identity-based policy allows the eks:"
            + action
            + " action");
  }
}
