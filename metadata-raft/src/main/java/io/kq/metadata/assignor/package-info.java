/**
 * Which member of a consumer group reads which partitions: pure functions of who is there, what
 * they want, and who has what already. Enter at {@link io.kq.metadata.assignor.Assignor}.
 */
@NullMarked
package io.kq.metadata.assignor;

import org.jspecify.annotations.NullMarked;
