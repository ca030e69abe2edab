package io.kq.metadata.placement;

/**
 * Rules of {@code docs/internals/replication.md} that can be taken away one by one, so that a
 * simulation proves that it would notice. Outside of such tests there is {@link #STRICT} only.
 *
 * @param membersByEpoch a proposed member of an ISR is an incarnation, not a number (rule 19)
 * @param leadersFromIsrAndElr nobody else is elected without an operator's word (rule 22)
 * @param uncleanLeaves who restarted uncleanly is no candidate (rule 23)
 */
public record ReplicaRules(
        boolean membersByEpoch, boolean leadersFromIsrAndElr, boolean uncleanLeaves) {

    public static final ReplicaRules STRICT = new ReplicaRules(true, true, true);
}
