/**
 * What a client knows of the cluster: who is in it and who leads what. Entry types: {@link
 * io.kq.client.metadata.NodeAddress}. Values, any thread. May call {@code protocol}, {@code
 * runtime}.
 */
@NullMarked
package io.kq.client.metadata;

import org.jspecify.annotations.NullMarked;
