/** A receiver of what the function sends to CloudFormation. */
@NullMarked
package io.noderoleguard.local.cloudformation;

import org.jspecify.annotations.NullMarked;
