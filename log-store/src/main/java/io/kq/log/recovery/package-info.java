/**
 * What is done with a log after an unclean stop: scan from the recovery point, cut a torn tail,
 * report. May call segment and producer.
 */
@NullMarked
package io.kq.log.recovery;

import org.jspecify.annotations.NullMarked;
