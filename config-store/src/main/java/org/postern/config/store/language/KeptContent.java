// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** What a file held when it was read, packed. Kept to tell a file that was cut off from one that was edited. */
final class KeptContent {

    /** For a path that was not read as a file. */
    static final KeptContent NONE = new KeptContent(new byte[0], 0);

    private final byte[] packed;
    private final int length;

    private KeptContent(byte[] packed, int length) {
        this.packed = packed;
        this.length = length;
    }

    static KeptContent of(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
            out.write(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new KeptContent(packed.toByteArray(), content.length);
    }

    /** Whether it is shorter than the other, and all of it is how the other begins. */
    boolean isCutFrom(KeptContent other) {
        return this != NONE && length < other.length && Arrays.equals(first(length), other.first(length));
    }

    private byte[] first(int count) {
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            return in.readNBytes(count);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
