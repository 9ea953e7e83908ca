// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/** The sealed content in blocks, each with its code. Nothing is handed on before every code was found right. */
final class AuthenticatedBlocks {

    private static final int CODE = 32;
    private static final int BLOCK = 1024 * 1024;

    private AuthenticatedBlocks() {}

    static byte[] read(Reading in, FileKeys keys) throws UnreadableVaultException {
        ByteArrayOutputStream content = new ByteArrayOutputStream(in.remaining());
        for (long index = 0; ; index++) {
            byte[] code = in.take(CODE);
            byte[] block = in.field();
            if (!MessageDigest.isEqual(code, keys.blockCode(index, block))) {
                throw new UnreadableVaultException("is damaged: block " + index + " fails its check");
            }
            if (block.length == 0) {
                break;
            }
            content.writeBytes(block);
        }
        if (in.remaining() > 0) {
            throw new UnreadableVaultException("is damaged: something follows its end");
        }
        return content.toByteArray();
    }

    static void write(byte[] content, FileKeys keys, Writing out) {
        long index = 0;
        for (int from = 0; from < content.length; from += BLOCK) {
            writeBlock(index++, Arrays.copyOfRange(content, from, Math.min(content.length, from + BLOCK)), keys, out);
        }
        writeBlock(index, new byte[0], keys, out);
    }

    private static void writeBlock(long index, byte[] block, FileKeys keys, Writing out) {
        out.put(keys.blockCode(index, block)).field(block);
    }
}
