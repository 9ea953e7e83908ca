// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * The sealed part before the XML: the key of the inner stream and the attachments, which are kept as they are.
 *
 * @param streamSeed what the inner stream starts from
 * @param others fields of other kinds, attachments above all, in order
 */
record InnerHeader(byte[] streamSeed, List<Field> others) {

    private static final int END = 0;
    private static final int STREAM = 1;
    private static final int STREAM_SEED = 2;
    private static final int SALSA20 = 2;
    private static final int CHACHA20 = 3;
    private static final int SEED_LENGTH = 64;

    /** One field that is kept and not looked into. */
    record Field(int id, byte[] octets) {}

    static InnerHeader read(Reading in) throws UnreadableVaultException {
        List<Field> others = new ArrayList<>();
        byte[] seed = null;
        int stream = 0;
        for (int id = in.octet(); id != END; id = in.octet()) {
            byte[] octets = in.field();
            switch (id) {
                case STREAM -> stream = new Reading(octets).int32();
                case STREAM_SEED -> seed = octets;
                default -> others.add(new Field(id, octets));
            }
        }
        in.field();
        if (seed == null || stream != CHACHA20) {
            throw new UnreadableVaultException(
                    "protects its values by " + (stream == SALSA20 ? "Salsa20" : "an unknown cipher")
                            + ", and only ChaCha20 is understood: save it as KDBX 4 with KeePassXC");
        }
        return new InnerHeader(seed, List.copyOf(others));
    }

    static InnerHeader fresh(SecureRandom random) {
        return new InnerHeader(new byte[0], List.of()).reseeded(random);
    }

    InnerHeader reseeded(SecureRandom random) {
        byte[] seed = new byte[SEED_LENGTH];
        random.nextBytes(seed);
        return new InnerHeader(seed, others);
    }

    InnerStream stream() {
        return InnerStream.chaCha20(streamSeed);
    }

    void write(Writing out) {
        out.octet(STREAM).field(new Writing().int32(CHACHA20).toByteArray());
        out.octet(STREAM_SEED).field(streamSeed);
        others.forEach(field -> out.octet(field.id()).field(field.octets()));
        out.octet(END).field(new byte[0]);
    }
}
