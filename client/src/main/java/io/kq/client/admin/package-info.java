/**
 * What {@link io.kq.client.KqAdmin} is asked and answers. Immutable values, any thread. May call
 * {@code protocol}.
 */
@NullMarked
package io.kq.client.admin;

import org.jspecify.annotations.NullMarked;
