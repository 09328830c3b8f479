/** Tests of the package of the same name. */
@NullMarked
package io.noderoleguard.policy;

import org.jspecify.annotations.NullMarked;
