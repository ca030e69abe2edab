package io.kq.metadata.placement;

import io.kq.metadata.image.MetadataImage;
import java.util.function.IntPredicate;

/**
 * Which brokers can lead, as an election sees them.
 *
 * @param up registered and unfenced
 * @param active up, and not about to stop
 */
public record BrokerStates(IntPredicate up, IntPredicate active) {

    /** As the image has them. */
    public static BrokerStates of(MetadataImage image) {
        return new BrokerStates(image::isUp, image::isActive);
    }

    /** These brokers are up, all others are not; nobody is about to stop. */
    public static BrokerStates up(IntPredicate up) {
        return new BrokerStates(up, up);
    }

    /** The same with {@code brokerId} down. */
    public BrokerStates without(int brokerId) {
        return new BrokerStates(
                id -> id != brokerId && up.test(id), id -> id != brokerId && active.test(id));
    }

    /** The same with {@code brokerId} up, and active if it {@code stays}. */
    public BrokerStates with(int brokerId, boolean stays) {
        return new BrokerStates(
                id -> id == brokerId || up.test(id),
                id -> id == brokerId ? stays : active.test(id));
    }

    /** The same with {@code brokerId} about to stop. */
    public BrokerStates leaving(int brokerId) {
        return new BrokerStates(up, id -> id != brokerId && active.test(id));
    }

    boolean isUp(int brokerId) {
        return up.test(brokerId);
    }

    boolean isActive(int brokerId) {
        return active.test(brokerId);
    }
}
