/** Holds template.yaml to its promises, with the tools of others where they are installed. */
@NullMarked
package io.noderoleguard.template;

import org.jspecify.annotations.NullMarked;
