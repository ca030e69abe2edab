/**
 * What is done with a log when it is opened (nothing after a clean stop, else scan from the
 * recovery point, cut a torn tail, report), and with one whose data turn out to be damaged. Entry
 * types: {@link io.kq.log.recovery.LogRecovery}, on the thread that opens the log, before anyone
 * else sees it; {@link io.kq.log.recovery.Quarantine}, any thread. May call segment, producer,
 * layout, io, protocol, runtime.io.
 */
@NullMarked
package io.kq.log.recovery;

import org.jspecify.annotations.NullMarked;
