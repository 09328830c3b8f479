/** Tests of the package of the same name. */
@NullMarked
package io.noderoleguard.aws;

import org.jspecify.annotations.NullMarked;
