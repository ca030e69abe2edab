/**
 * What of a log may go, as pure choices. Entry type: {@link io.kq.log.retention.RetentionPolicy}.
 * Any thread, never blocks by itself; calls nothing.
 */
@NullMarked
package io.kq.log.retention;

import org.jspecify.annotations.NullMarked;
