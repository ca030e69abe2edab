package io.kq.metadata.assignor;

/**
 * As many partitions for each as can be, and as few moved as that allows: no share could be made
 * smaller by giving a partition, or a chain of them from member to member, to one with two less.
 */
public final class UniformAssignor implements Assignor {

    @Override
    public Shares assign(GroupSpec group) {
        UniformSharing sharing = new UniformSharing(group);
        sharing.keepWhatMayStay();
        sharing.giveOutTheRest();
        sharing.even();
        return sharing.shares();
    }
}
