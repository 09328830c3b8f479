/** Tests of the package of the same name. */
@NullMarked
package io.noderoleguard.json;

import org.jspecify.annotations.NullMarked;
