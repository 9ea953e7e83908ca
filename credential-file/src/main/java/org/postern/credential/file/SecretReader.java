// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;

/**
 * Reads the files of a secret. What it gives holds the password wrapped only.
 *
 * <p>Threading: safe for several threads.
 */
final class SecretReader {

    /** Octets that a file of a secret may have. */
    static final int LARGEST = 64 * 1024;

    private static final String HMAC = "HmacSHA256";
    private static final Pattern MECHANISM = Pattern.compile("[A-Za-z0-9_-]{1,20}");
    private static final Pattern BLANKS = Pattern.compile("[\\s,]+");
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private final SecretWrapping wrapping = new SecretWrapping();
    private final SecretKeySpec printing;

    SecretReader() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        printing = new SecretKeySpec(key, HMAC);
        Arrays.fill(key, (byte) 0);
    }

    Reading read(Sighting sighting) {
        return switch (sighting) {
            case Sighting.Nothing nothing -> new Reading.Absent(nothing.reason());
            case Sighting.Trouble trouble -> new Reading.Unusable(trouble.reason());
            case Sighting.Parts parts -> {
                Optional<String> objection = parts.folder().objectionTo(parts);
                yield objection.isPresent() ? new Reading.Unusable(objection.get()) : readParts(parts);
            }
        };
    }

    private Reading readParts(Sighting.Parts parts) {
        try {
            String user = text(parts, Part.USER).orElse("");
            return new Reading.Present(
                    material(parts, Part.PASSWORD, user).orElseThrow(),
                    material(parts, Part.NEXT_PASSWORD, user),
                    mechanism(parts),
                    text(parts, Part.HOSTS)
                            .map(hosts -> Set.of(BLANKS.splitAsStream(hosts.strip())
                                    .distinct()
                                    .toArray(String[]::new)))
                            .orElse(Set.of()));
        } catch (UnusableSecretException unusable) {
            return new Reading.Unusable(unusable.getMessage());
        }
    }

    private Optional<Material> material(Sighting.Parts parts, Part part, String user) throws UnusableSecretException {
        Sighting.Seen file = parts.files().get(part);
        if (file == null) {
            return Optional.empty();
        }
        byte[] octets = octets(parts, file);
        try (Secret secret = Secret.copyOf(octets)) {
            check(file, octets, '\n');
            Instant changed = Optional.ofNullable(parts.files().get(Part.USER))
                    .map(named -> named.identity().changed())
                    .filter(file.identity().changed()::isBefore)
                    .orElse(file.identity().changed());
            return Optional.of(new Material(user, wrapping.wrap(secret), print(user, octets), changed));
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    private Optional<String> mechanism(Sighting.Parts parts) throws UnusableSecretException {
        Optional<String> mechanism = text(parts, Part.MECHANISM).map(String::strip);
        if (mechanism.isPresent() && !MECHANISM.matcher(mechanism.get()).matches()) {
            throw new UnusableSecretException(parts.files().get(Part.MECHANISM), "is not the name of a mechanism");
        }
        return mechanism;
    }

    private static Optional<String> text(Sighting.Parts parts, Part part) throws UnusableSecretException {
        Sighting.Seen file = parts.files().get(part);
        if (file == null) {
            return Optional.empty();
        }
        byte[] octets = octets(parts, file);
        // One host per line is as good as one per word.
        check(file, octets, part == Part.HOSTS ? '\0' : '\n');
        return Optional.of(new String(octets, StandardCharsets.UTF_8));
    }

    /** The content without its one line end, if it has one. */
    private static byte[] octets(Sighting.Parts parts, Sighting.Seen file) throws UnusableSecretException {
        if (file.identity().size() > LARGEST) {
            throw tooLarge(file);
        }
        try {
            Path real = file.path().toRealPath();
            if (!real.startsWith(parts.folder().path().toRealPath())) {
                throw new UnusableSecretException(
                        file, "leads out of the folder " + parts.folder().path());
            }
            return withoutLineEnd(file, whole(file, real));
        } catch (IOException unreadable) {
            throw new UnusableSecretException(
                    file, "cannot be read: " + unreadable.getClass().getSimpleName());
        }
    }

    private static byte[] whole(Sighting.Seen file, Path real) throws IOException, UnusableSecretException {
        // Not an interruptible channel: a lookup that is given up must not look like a broken file.
        try (InputStream in = new FileInputStream(real.toFile())) {
            byte[] octets = in.readNBytes(LARGEST + 1);
            if (octets.length > LARGEST) {
                Arrays.fill(octets, (byte) 0);
                throw tooLarge(file);
            }
            return octets;
        }
    }

    private static UnusableSecretException tooLarge(Sighting.Seen file) {
        return new UnusableSecretException(file, "is larger than " + LARGEST + " octets, which no secret is");
    }

    private static byte[] withoutLineEnd(Sighting.Seen file, byte[] octets) throws UnusableSecretException {
        int end = octets.length;
        if (end > 0 && octets[end - 1] == '\n') {
            end--;
            if (end > 0 && octets[end - 1] == '\r') {
                end--;
            }
        }
        if (end == 0) {
            throw new UnusableSecretException(file, octets.length == 0 ? "is empty" : "has an empty line only");
        }
        byte[] content = Arrays.copyOf(octets, end);
        Arrays.fill(octets, (byte) 0);
        return content;
    }

    /** @param forbidden NUL or, for what has one line, a line end; NUL is always forbidden */
    private static void check(Sighting.Seen file, byte[] octets, char forbidden) throws UnusableSecretException {
        for (byte octet : octets) {
            if (octet == 0) {
                throw new UnusableSecretException(file, "has a NUL in it");
            }
            if (forbidden == '\n' && (octet == '\n' || octet == '\r')) {
                throw new UnusableSecretException(file, "has more than one line");
            }
        }
        try {
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
            boolean marked = decoded.get(0) == BYTE_ORDER_MARK;
            Arrays.fill(decoded.array(), '\0');
            if (marked) {
                throw new UnusableSecretException(file, "begins with a byte order mark: save it as UTF-8 without one");
            }
        } catch (CharacterCodingException notText) {
            throw new UnusableSecretException(file, "is not UTF-8");
        }
    }

    private Octets print(String user, byte[] password) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(printing);
            mac.update(user.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Octets.wrap(mac.doFinal(password));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java runtime has " + HMAC, missing);
        }
    }
}
