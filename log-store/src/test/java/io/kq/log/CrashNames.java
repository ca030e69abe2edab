package io.kq.log;

import io.kq.runtime.RandomSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The names in the directories of a disk with a cache: those that processes see, and those that are
 * on the disk for certain. When the power goes, each directory has a beginning of the creations,
 * renames and deletions in it since it was last synced; what lies in a directory that is not there
 * is gone with it. Paths are relative to the data directory and use {@code /}.
 */
final class CrashNames {

    /** What becomes of the names when one of them changes. */
    private interface Effect {
        void applyTo(Map<String, CrashFile> names);
    }

    /** One change of one directory. */
    private record Change(String name, Effect effect) {
        void applyTo(Map<String, CrashFile> names) {
            effect.applyTo(names);
        }
    }

    /** A directory is a name as well; it has no content. */
    private static final CrashFile DIRECTORY = new CrashFile(new byte[0]);

    private final SortedMap<String, CrashFile> cached = new TreeMap<>();
    private final Map<String, CrashFile> durable = new TreeMap<>();
    private final Map<String, List<Change>> unsynced = new TreeMap<>();

    /** What processes open under that name. */
    @Nullable CrashFile find(String name) {
        return cached.get(name);
    }

    void put(String name, CrashFile file) {
        change(name, names -> names.put(name, file));
    }

    void putDirectory(String name) {
        put(name, DIRECTORY);
    }

    void remove(String name) {
        change(name, names -> names.remove(name));
    }

    void rename(String from, String to) {
        change(
                to,
                names -> {
                    CrashFile file = names.remove(from);
                    if (file != null) {
                        names.put(to, file);
                    }
                });
    }

    private void change(String name, Effect effect) {
        Change change = new Change(name, effect);
        change.applyTo(cached);
        unsynced.computeIfAbsent(parentOf(name), parent -> new ArrayList<>()).add(change);
    }

    void sync(String directory) {
        syncAllBut(directory, "");
    }

    /** A sync that leaves out what changed of one name. */
    void syncAllBut(String directory, String leftOut) {
        List<Change> changes = unsynced.getOrDefault(directory, List.of());
        for (Change change : List.copyOf(changes)) {
            if (!change.name().equals(leftOut)) {
                change.applyTo(durable);
                changes.remove(change);
            }
        }
    }

    /** The power goes. */
    void cutPower(RandomSource random) {
        for (List<Change> changes : unsynced.values()) {
            int kept = random.nextInt(changes.size() + 1);
            changes.subList(0, kept).forEach(change -> change.applyTo(durable));
        }
        unsynced.clear();
        cached.clear();
        for (Map.Entry<String, CrashFile> entry : durable.entrySet()) {
            if (hasItsDirectories(entry.getKey())) {
                cached.put(entry.getKey(), left(entry.getValue(), random));
            }
        }
        durable.clear();
        durable.putAll(cached);
    }

    private static CrashFile left(CrashFile file, RandomSource random) {
        return file == DIRECTORY ? file : new CrashFile(file.afterPowerCut(random));
    }

    private boolean hasItsDirectories(String name) {
        for (String parent = parentOf(name); !parent.isEmpty(); parent = parentOf(parent)) {
            if (durable.get(parent) != DIRECTORY) {
                return false;
            }
        }
        return true;
    }

    /** All files that processes see, by name; directories are left out. */
    SortedMap<String, CrashFile> files() {
        SortedMap<String, CrashFile> files = new TreeMap<>(cached);
        files.values().removeIf(file -> file == DIRECTORY);
        return files;
    }

    /** All directories that processes see, each after the one it lies in. */
    List<String> directories() {
        return cached.keySet().stream().filter(name -> cached.get(name) == DIRECTORY).toList();
    }

    private static String parentOf(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }
}
