// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.postern.core.state.StateFile.decoded;
import static org.postern.core.state.StateFile.encoded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.core.state.StateFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@link DowngradeMemory} keeps in the state directory. The relay alone writes {@code downgrades}, whole and at once;
 * an operator's consent is a file of its own beside it, which the relay takes up and removes, so that none is lost
 * between two processes.
 *
 * <p>Threading: safe for many threads, and for other processes.
 */
public final class DowngradeFile {

    private static final Logger LOG = LoggerFactory.getLogger(DowngradeFile.class);
    private static final String NAME = "downgrades";
    private static final String CONSENT = NAME + ".accepted-";
    private static final String HEADING = "postern downgrades 1";
    private static final String NOTHING = "-";
    private static final int MOST_CONSENT = 4_096;

    private final Path directory;

    /** @param directory the state directory of a relay */
    public DowngradeFile(Path directory) {
        this.directory = directory;
    }

    /**
     * What was written last, oldest use first; nothing if nothing ever was. A line that cannot be read is passed over with
     * a warning, and the file kept aside.
     *
     * @throws IOException if the file cannot be read
     */
    public List<ProvenMechanism> read() throws IOException {
        return new StateFile(directory, NAME).read(DowngradeFile::parse);
    }

    void write(List<ProvenMechanism> all) throws IOException {
        String text = HEADING + "\n" + all.stream().map(DowngradeFile::line).collect(Collectors.joining());
        new StateFile(directory, NAME).replace(text);
    }

    /**
     * Leaves the operator's consent for the relay to find.
     *
     * @param port empty for every port of the host
     * @throws IOException if it cannot be written
     */
    public void accept(String host, Optional<Integer> port) throws IOException {
        new StateFile(
                        directory,
                        CONSENT + System.nanoTime() + "-"
                                + ProcessHandle.current().pid())
                .replace(encoded(host) + " " + port.map(String::valueOf).orElse(NOTHING));
    }

    /** A host that an operator has agreed to. */
    record Consent(String host, Optional<Integer> port) {

        boolean covers(Endpoint endpoint) {
            return new Endpoint(host, endpoint.port()).equals(endpoint)
                    && port.filter(number -> number != endpoint.port()).isEmpty();
        }
    }

    /** What operators have agreed to since the last call. */
    List<Consent> takeConsents() throws IOException {
        List<Consent> taken = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return taken;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, CONSENT + "*")) {
            for (Path file : files) {
                consent(file).ifPresent(taken::add);
                Files.delete(file);
            }
        }
        return taken;
    }

    private static Optional<Consent> consent(Path file) throws IOException {
        if (Files.size(file) > MOST_CONSENT) {
            return Optional.empty();
        }
        String[] words =
                Files.readString(file, StandardCharsets.ISO_8859_1).strip().split(" ");
        try {
            Optional<Integer> port =
                    words[1].equals(NOTHING) ? Optional.empty() : Optional.of(Integer.valueOf(words[1]));
            return Optional.of(new Consent(decoded(words[0]), port));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException unreadable) {
            LOG.warn("{} is no consent and was removed", file);
            return Optional.empty();
        }
    }

    private static String line(ProvenMechanism one) {
        return Stream.of(
                        one.endpoint().host(),
                        String.valueOf(one.endpoint().port()),
                        one.user(),
                        one.source(),
                        one.mechanism(),
                        one.since().toString(),
                        one.refusal().map(refusal -> refusal.since().toString()).orElse(NOTHING),
                        one.refusal().map(ProvenMechanism.Refusal::offered).orElse(NOTHING))
                .map(StateFile::encoded)
                .collect(Collectors.joining(" ", "", "\n"));
    }

    private static Optional<ProvenMechanism> parse(String line) {
        String[] fields = line.split(" ", -1);
        if (fields.length != 8) {
            return Optional.empty();
        }
        try {
            Optional<ProvenMechanism.Refusal> refusal = fields[6].equals(NOTHING)
                    ? Optional.empty()
                    : Optional.of(new ProvenMechanism.Refusal(Instant.parse(decoded(fields[6])), decoded(fields[7])));
            return Optional.of(new ProvenMechanism(
                    new Endpoint(decoded(fields[0]), Integer.parseInt(fields[1])),
                    decoded(fields[2]),
                    decoded(fields[3]),
                    decoded(fields[4]),
                    Instant.parse(decoded(fields[5])),
                    refusal));
        } catch (IllegalArgumentException | DateTimeException unreadable) {
            return Optional.empty();
        }
    }
}
