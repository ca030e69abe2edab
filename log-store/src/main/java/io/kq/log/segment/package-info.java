/** One segment file and the order of segments: append, scan, roll. May call log.io. */
@NullMarked
package io.kq.log.segment;

import org.jspecify.annotations.NullMarked;
