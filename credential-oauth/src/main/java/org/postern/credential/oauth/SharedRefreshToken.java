// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.postern.credential.oauth.Account.Grant;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;
import org.postern.spi.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The refresh token of one account as all relays know it. A register holds the one that the provider takes next, and names
 * those that it has replaced. That is an order without clocks: a relay whose own is among the replaced ones is behind, and
 * takes over; one whose own is not known here was logged in anew, and its own goes before the shared one until the provider
 * refuses it.
 *
 * <p>Threading: {@link #succeeded} and {@link #giveWay} belong to whoever has the lease of the account.
 */
final class SharedRefreshToken {

    static final String TOPIC = "oauth-refresh";

    private static final Logger LOG = LoggerFactory.getLogger(SharedRefreshToken.class);
    private static final Duration LIFE = Duration.ofDays(90);
    private static final int NAME = 6;
    private static final int TRIES = 3;

    private final Account account;
    private final Grant.RefreshToken grant;
    private final String name;
    private final Surroundings around;

    /** @param current empty where only refused ones are known */
    private record Shared(long revision, Secret current, List<String> replaced) implements AutoCloseable {

        boolean isNone() {
            return current.length() == 0;
        }

        @Override
        public void close() {
            current.close();
        }
    }

    private SharedRefreshToken(Account account, Grant.RefreshToken grant, Surroundings around) {
        this.account = account;
        this.grant = grant;
        this.name = SharedName.of(account);
        this.around = around;
    }

    /** The one of this account, if it has any. */
    static Optional<SharedRefreshToken> of(Account account, Surroundings around) {
        return account.grant() instanceof Grant.RefreshToken grant
                ? Optional.of(new SharedRefreshToken(account, grant, around))
                : Optional.empty();
    }

    /**
     * Brings the own store up to what others have got.
     *
     * @return why that could not be written, if it could not
     */
    Optional<String> takeOver(SharedRegisters registers) throws IOException, InterruptedException {
        try (Shared shared = read(registers).orElseGet(SharedRefreshToken::none)) {
            if (shared.isNone()) {
                return Optional.empty();
            }
            return switch (around.access().lookup(grant.token())) {
                case Lookup.Found found -> takeOver(registers, shared, found.credential());
                case Lookup.NoSuchCredential none -> write(shared, Optional.empty());
                case Lookup.StoreUnavailable down -> Optional.empty();
            };
        }
    }

    private Optional<String> takeOver(SharedRegisters registers, Shared shared, Credential own)
            throws InterruptedException {
        try (own) {
            return own instanceof PasswordCredential kept
                            && !kept.password().equals(shared.current())
                            && shared.replaced().contains(nameOf(registers, kept.password()))
                    ? write(shared, Optional.of(kept))
                    : Optional.empty();
        }
    }

    private Optional<String> write(Shared shared, Optional<PasswordCredential> replaces) throws InterruptedException {
        UpdateResult result = around.access()
                .update(RefreshTokenEntry.of(
                        account, grant, replaces.map(PasswordCredential::version), shared.current()));
        return switch (result) {
            case UpdateResult.Updated updated -> {
                LOG.info(
                        "account {}: took over the refresh token that another relay got", Printable.of(account.name()));
                yield Optional.empty();
            }
            // Somebody logged in meanwhile.
            case UpdateResult.Superseded newer -> Optional.empty();
            case UpdateResult.NotUpdated not ->
                Optional.of("the refresh token that another relay got cannot be written: " + not.reason());
        };
    }

    /**
     * The provider took one and wants another from now on, or the same.
     *
     * @param used what it took
     * @param next what it takes next
     */
    void succeeded(SharedRegisters registers, Secret used, Secret next) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            try (Shared shared = read(registers).orElseGet(SharedRefreshToken::none)) {
                boolean isKnown = shared.revision() == SharedRegisters.ABSENT
                        ? used.equals(next)
                        : shared.current().equals(next);
                if (isKnown || put(registers, shared, next, used)) {
                    return;
                }
            }
        }
        LOG.warn(
                "account {}: its refresh token could not be told to other relays: log in on each of them",
                Printable.of(account.name()));
    }

    /**
     * The provider refuses one. Where none is shared yet, that much is: whoever has this one too is behind whoever logs in.
     *
     * @return whether there is another, which {@link #takeOver} then takes over
     */
    boolean giveWay(SharedRegisters registers, Secret refused) throws IOException {
        try (Shared shared = read(registers).orElseGet(SharedRefreshToken::none)) {
            return !shared.current().equals(refused)
                    && put(registers, shared, shared.current(), refused)
                    && !shared.isNone();
        }
    }

    /** Whether the next one is known to all now, and that it came after the old one and all of before. */
    private boolean put(SharedRegisters registers, Shared before, Secret next, Secret old) throws IOException {
        int room = SharedRegisters.LONGEST_VALUE - 2 * Integer.BYTES - next.length();
        if (room < NAME) {
            return false;
        }
        String nextName = nameOf(registers, next);
        Stream<String> recent =
                Stream.of(old, before.current()).filter(one -> one.length() > 0).map(one -> nameOf(registers, one));
        String names = Stream.concat(recent, before.replaced().stream())
                .distinct()
                .filter(one -> !one.equals(nextName))
                .limit(room / NAME)
                .collect(Collectors.joining());
        byte[] value =
                next.reveal(clear -> Fields.write(List.of(clear, HexFormat.of().parseHex(names))));
        try {
            return registers.put(TOPIC, name, value, before.revision(), LIFE) instanceof Put.Held;
        } finally {
            Arrays.fill(value, (byte) 0);
        }
    }

    private Optional<Shared> read(SharedRegisters registers) throws IOException {
        return registers.read(TOPIC, name).flatMap(SharedRefreshToken::shared);
    }

    private static Optional<Shared> shared(Register register) {
        byte[] value = register.value();
        Optional<List<byte[]>> fields = Fields.read(value).filter(all -> all.size() == 2);
        try {
            return fields.map(all -> new Shared(register.revision(), Secret.copyOf(all.get(0)), names(all.get(1))));
        } finally {
            Arrays.fill(value, (byte) 0);
            fields.ifPresent(all -> Arrays.fill(all.get(0), (byte) 0));
        }
    }

    private static List<String> names(byte[] octets) {
        return IntStream.range(0, octets.length / NAME)
                .mapToObj(i -> HexFormat.of().formatHex(octets, i * NAME, (i + 1) * NAME))
                .toList();
    }

    private static Shared none() {
        return new Shared(SharedRegisters.ABSENT, Secret.copyOf(new byte[0]), List.of());
    }

    /** Short, so that a thousand fit; two of one account that are alike by chance are not to be expected in a lifetime. */
    private String nameOf(SharedRegisters registers, Secret refreshToken) {
        String tag = registers.tag("oauth refresh token of " + name, refreshToken);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(tag.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, NAME);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }
}
