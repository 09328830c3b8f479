/**
 * The loop: read, compare, plan, apply, read again, and the report of it. Knows nothing of Lambda
 * or CloudFormation.
 */
@NullMarked
package io.noderoleguard.guard;

import org.jspecify.annotations.NullMarked;
