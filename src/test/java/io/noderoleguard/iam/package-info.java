/** Tests of the package of the same name. */
@NullMarked
package io.noderoleguard.iam;

import org.jspecify.annotations.NullMarked;
