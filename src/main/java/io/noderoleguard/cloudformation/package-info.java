/** The protocol of a CloudFormation custom resource: requests, properties and one response each. */
@NullMarked
package io.noderoleguard.cloudformation;

import org.jspecify.annotations.NullMarked;
