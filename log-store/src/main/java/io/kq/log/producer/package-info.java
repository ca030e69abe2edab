/**
 * Producer sequences of one partition: pure checks and state, and its snapshot on disk. May call
 * protocol, runtime.io.
 */
@NullMarked
package io.kq.log.producer;

import org.jspecify.annotations.NullMarked;
