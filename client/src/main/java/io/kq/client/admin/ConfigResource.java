package io.kq.client.admin;

/**
 * What has configs.
 *
 * @param name a topic's name, or a broker's id
 */
public record ConfigResource(Type type, String name) {

    /** Kinds of what has configs. */
    public enum Type {
        TOPIC,
        BROKER
    }

    public static ConfigResource topic(String name) {
        return new ConfigResource(Type.TOPIC, name);
    }

    public static ConfigResource broker(int id) {
        return new ConfigResource(Type.BROKER, Integer.toString(id));
    }
}
