package io.kq.runtime.io;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What went wrong with a file, for a person. Exceptions of files say mostly a bare path. */
public final class FileProblem {

    private FileProblem() {}

    /** {@code permission denied: /data/0}; no name of a class where there are words for it. */
    public static String of(IOException failure) {
        if (failure instanceof CharacterCodingException) {
            return "it is not UTF-8 text";
        }
        if (!(failure instanceof FileSystemException file)) {
            String message = failure.getMessage();
            return message == null ? failure.getClass().getSimpleName() : message;
        }
        String what = words(file);
        return file.getFile() == null ? what : what + ": " + file.getFile();
    }

    private static String words(FileSystemException file) {
        if (file instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (file instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (file instanceof FileAlreadyExistsException) {
            return "there is already something else of this name";
        }
        if (file instanceof NotDirectoryException) {
            return "not a directory";
        }
        String reason = file.getReason();
        return reason == null ? file.getClass().getSimpleName() : reason;
    }
}
