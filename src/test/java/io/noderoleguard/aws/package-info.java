/** Tests of the calls to AWS. */
@NullMarked
package io.noderoleguard.aws;

import org.jspecify.annotations.NullMarked;
