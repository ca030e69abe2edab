package io.kq.client.metadata;

/** Told of each change, on the client's loop. */
@FunctionalInterface
public interface ClusterListener {

    /** The view moved on; versions never go back. */
    void onCluster(ClusterSnapshot snapshot);
}
