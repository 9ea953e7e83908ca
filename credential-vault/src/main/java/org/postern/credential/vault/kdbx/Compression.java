// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Gzip (RFC 1952), bounded when it unpacks. */
final class Compression {

    private Compression() {}

    static byte[] pack(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return packed.toByteArray();
    }

    static byte[] unpack(byte[] packed, int most) throws UnreadableVaultException {
        byte[] plain;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            plain = in.readNBytes(most + 1);
        } catch (IOException broken) {
            throw new UnreadableVaultException("is damaged: its content does not unpack");
        }
        if (plain.length > most) {
            throw new UnreadableVaultException("unpacks to more than " + most + " octets");
        }
        return plain;
    }
}
