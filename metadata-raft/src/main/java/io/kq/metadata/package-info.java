/**
 * The cluster's agreed state. Entry types: {@link io.kq.metadata.MetadataQuorum} (a voter: submit,
 * subscribe), {@link io.kq.metadata.MetadataSource} (what any node has: the image and who
 * controls). Decide, commit, apply: the controller decides against the committed image, Ratis
 * orders, apply is pure. May call {@code protocol}, {@code runtime}.
 */
@NullMarked
package io.kq.metadata;

import org.jspecify.annotations.NullMarked;
