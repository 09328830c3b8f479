/** Tests of the package of the same name. */
@NullMarked
package io.noderoleguard.lambda;

import org.jspecify.annotations.NullMarked;
