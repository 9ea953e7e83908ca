// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.key;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postern.credential.vault.kdbx.CompositeKey;

/**
 * What was found at a key's place, in the order in which to try it: the same octets can be a key file and a passphrase,
 * and only the vault can tell. Closing it wipes all readings.
 */
public final class MasterKey implements AutoCloseable {

    private static final int LONGEST_PASSPHRASE = 4096;

    private final List<CompositeKey> readings;
    private final boolean random;

    private MasterKey(List<CompositeKey> readings, boolean random) {
        this.readings = readings;
        this.random = random;
    }

    /** Reads a key; the octets are wiped. */
    static MasterKey of(String place, byte[] octets) throws MalformedKeyException {
        try {
            if (octets.length == 0) {
                throw new MalformedKeyException(place + " is empty");
            }
            return of(octets, keyFile(place, octets));
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    private static MasterKey of(byte[] octets, Optional<byte[]> keyFile) {
        Optional<CompositeKey> phrase = passphrase(octets).map(MasterKey::passphraseKey);
        CompositeKey file = fileKey(keyFile.orElseGet(() -> KeyFileFormat.sha256(octets)));
        // 32 random octets are never text; a passphrase may well have 32 letters.
        boolean random = keyFile.isPresent() && (octets.length != KeyFileFormat.LENGTH || phrase.isEmpty());
        List<CompositeKey> readings = new ArrayList<>(phrase.stream().toList());
        readings.add(random ? 0 : readings.size(), file);
        return new MasterKey(List.copyOf(readings), random);
    }

    private static CompositeKey passphraseKey(byte[] passphrase) {
        CompositeKey key = CompositeKey.ofPassphrase(passphrase);
        Arrays.fill(passphrase, (byte) 0);
        return key;
    }

    private static CompositeKey fileKey(byte[] octets) {
        CompositeKey key = CompositeKey.ofKeyFile(octets);
        Arrays.fill(octets, (byte) 0);
        return key;
    }

    private static Optional<byte[]> keyFile(String place, byte[] octets) throws MalformedKeyException {
        try {
            return KeyFileFormat.read(octets);
        } catch (MalformedKeyException damaged) {
            throw new MalformedKeyException(place + " " + damaged.getMessage());
        }
    }

    // The first line end at the end belongs to the editor, not to the passphrase.
    private static Optional<byte[]> passphrase(byte[] octets) {
        int end = octets.length;
        if (end > 0 && octets[end - 1] == '\n') {
            end--;
        }
        if (end > 0 && octets[end - 1] == '\r') {
            end--;
        }
        if (end == 0 || end > LONGEST_PASSPHRASE || !isText(octets, end)) {
            return Optional.empty();
        }
        return Optional.of(Arrays.copyOf(octets, end));
    }

    private static boolean isText(byte[] octets, int end) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, 0, end));
            return true;
        } catch (CharacterCodingException binary) {
            return false;
        }
    }

    /** A key that may be this one or the other; both belong to it. */
    MasterKey or(MasterKey other) {
        List<CompositeKey> all = new ArrayList<>(readings);
        all.addAll(other.readings);
        return new MasterKey(List.copyOf(all), random);
    }

    /** The readings, the likeliest first. They belong to this key. */
    public List<CompositeKey> readings() {
        return readings;
    }

    /** Whether it has the form of a key file, whose octets nobody can guess. */
    public boolean isRandom() {
        return random;
    }

    @Override
    public void close() {
        readings.forEach(CompositeKey::close);
    }
}
