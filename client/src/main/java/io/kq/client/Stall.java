package io.kq.client;

import io.kq.protocol.RejectedException;
import java.time.Duration;

/**
 * Why nothing comes of a partition, or nothing goes into it.
 *
 * @param why what was met last, such as NO_LEADER or UNREACHABLE
 * @param lasts since it was first seen; for writing, since the oldest record that waits was sent
 */
public record Stall(RejectedException why, Duration lasts) {}
