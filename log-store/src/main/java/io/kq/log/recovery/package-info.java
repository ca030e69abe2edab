/**
 * What is done with a log when it is opened: nothing after a clean stop, else scan from the
 * recovery point, cut a torn tail, report. Entry type: {@link io.kq.log.recovery.LogRecovery}. On
 * the thread that opens the log, before anyone else sees it. May call segment, producer, layout,
 * io, protocol.
 */
@NullMarked
package io.kq.log.recovery;

import org.jspecify.annotations.NullMarked;
