/** Reads roles from IAM and applies one change to one of them. Decides nothing about them. */
@NullMarked
package io.noderoleguard.iam;

import org.jspecify.annotations.NullMarked;
