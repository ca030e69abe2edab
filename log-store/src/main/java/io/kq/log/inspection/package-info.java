/**
 * What {@link io.kq.log.LogInspection} finds on a disk: values only. Any thread. May call protocol.
 */
@NullMarked
package io.kq.log.inspection;

import org.jspecify.annotations.NullMarked;
