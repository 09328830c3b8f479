/** A small HTTP server, which can also do what a good server never does. */
@NullMarked
package io.noderoleguard.local.http;

import org.jspecify.annotations.NullMarked;
