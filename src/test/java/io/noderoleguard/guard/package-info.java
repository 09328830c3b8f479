/** Tests of the package of the same name. */
@NullMarked
package io.noderoleguard.guard;

import org.jspecify.annotations.NullMarked;
