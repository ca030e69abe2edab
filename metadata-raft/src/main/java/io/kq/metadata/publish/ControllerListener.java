package io.kq.metadata.publish;

/** Told who controls. Called on the publisher's loop. */
@FunctionalInterface
public interface ControllerListener {

    /**
     * The controller changed.
     *
     * @param nodeId -1: none known
     */
    void onController(int nodeId, long term);
}
