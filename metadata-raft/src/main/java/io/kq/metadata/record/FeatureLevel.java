package io.kq.metadata.record;

/** What gates the kinds and fields of records, so that neighbouring versions run together. */
public final class FeatureLevel {

    /** The feature that names the metadata records. */
    public static final String METADATA = "metadata.version";

    /** The level a new cluster is born with, and the highest that this version knows. */
    public static final int METADATA_LATEST = 1;

    private FeatureLevel() {}

    /** Whether this version may apply records at such a level. */
    public static boolean isKnown(String feature, int level) {
        return feature.equals(METADATA) && level <= METADATA_LATEST;
    }
}
