/**
 * Reads a role from IAM and applies one change to it. The only package that may import the AWS SDK.
 */
@NullMarked
package io.noderoleguard.iam;

import org.jspecify.annotations.NullMarked;
