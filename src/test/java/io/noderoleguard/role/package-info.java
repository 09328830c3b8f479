/** Tests of the package of the same name. */
@NullMarked
package io.noderoleguard.role;

import org.jspecify.annotations.NullMarked;
