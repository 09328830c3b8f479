/**
 * IAM policy documents as canonical values: documents that mean the same are equal. Pure: no SDK,
 * clock, environment or log.
 */
@NullMarked
package io.noderoleguard.policy;

import org.jspecify.annotations.NullMarked;
