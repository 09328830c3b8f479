/** The owner's settings: read from environment variables and checked, all problems at once. */
@NullMarked
package io.noderoleguard.settings;

import org.jspecify.annotations.NullMarked;
