/**
 * Strict JSON, read into immutable values and written from them. Nothing here knows what a document
 * is for.
 */
@NullMarked
package io.noderoleguard.json;

import org.jspecify.annotations.NullMarked;
