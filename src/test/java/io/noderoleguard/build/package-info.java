/** What the build itself needs: the formatter, and the rules on the code's structure. */
@NullMarked
package io.noderoleguard.build;

import org.jspecify.annotations.NullMarked;
