/**
 * The function's surroundings on one machine: IAM, EKS, the Lambda service and CloudFormation's
 * receiver of answers. In test scope, so that none of it is deployed.
 */
@NullMarked
package io.noderoleguard.local;

import org.jspecify.annotations.NullMarked;
