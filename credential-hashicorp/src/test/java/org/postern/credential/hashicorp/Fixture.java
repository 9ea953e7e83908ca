// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ThrowingRunnable;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.testkit.ManualClock;

/** A store before a stand-in, with a clock that the test moves. */
final class Fixture implements AutoCloseable {

    final ManualClock clock = ManualClock.at("2026-03-01T12:00:00Z");
    final StandInVault vault;
    final Path folder;
    final Map<String, Object> stanza = new HashMap<>();
    final Map<String, String> environment = new HashMap<>();
    final List<String> news = new CopyOnWriteArrayList<>();

    private HashicorpStore store;

    private Fixture(Path folder) throws IOException {
        this.folder = folder;
        this.vault = StandInVault.plain(clock);
        set("Address", vault.address());
        set("Path", "secret/{key}");
        set("postern.config.directory", folder.toString());
    }

    /** With a token without end in the environment. */
    static Fixture withToken(Path folder) throws IOException {
        Fixture fixture = new Fixture(folder);
        fixture.environment.put("TOKEN", fixture.vault.rootToken());
        return fixture.set("Token_Env", "TOKEN");
    }

    /** With an AppRole. */
    static Fixture withAppRole(Path folder) throws IOException {
        Fixture fixture = new Fixture(folder);
        fixture.environment.put("SECRET_ID", fixture.vault.secretId);
        return fixture.set("Auth", "approle")
                .set("Role_Id", fixture.vault.roleId)
                .set("Secret_Id_Env", "SECRET_ID");
    }

    Fixture set(String option, Object value) {
        stanza.put(option.toLowerCase(java.util.Locale.ROOT), value);
        return this;
    }

    /** A file that only its owner can read. */
    Path file(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content, StandardCharsets.UTF_8);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** The store; made when it is first wanted, so that the test can say before what it is to be like. */
    synchronized HashicorpStore store() {
        if (store == null) {
            store = with(clock, Optional.empty());
        }
        return store;
    }

    private HashicorpStore with(InstantSource time, Optional<Duration> tick) {
        HashicorpStore made = new HashicorpStore(stanza, environment, time, tick);
        made.listeners(List.of(new CredentialListener() {
            @Override
            public void changed(CredentialRef ref) {
                news.add(ref.key());
            }

            @Override
            public void storeChanged(String storeName) {
                news.add("store " + storeName);
            }
        }));
        return made;
    }

    Lookup lookup(String key) throws InterruptedException {
        return store().lookup(new CredentialRef(key));
    }

    /** User and password between a colon, or why there is neither. */
    String answer(String key) throws InterruptedException {
        return shown(lookup(key));
    }

    static String shown(Lookup answer) {
        return switch (answer) {
            case Lookup.Found found -> shown(found);
            case Lookup.NoSuchCredential none -> "none: " + none.reason();
            case Lookup.StoreUnavailable down -> "unavailable: " + down.reason();
        };
    }

    /** The answer as it prints itself, closed. */
    static String printed(Lookup answer) {
        String text = answer.toString();
        if (answer instanceof Lookup.Found found) {
            found.close();
        }
        return text;
    }

    private static String shown(Lookup.Found found) {
        try {
            PasswordCredential password = (PasswordCredential) found.credential();
            return password.user() + ":"
                    + password.password().reveal(octets -> new String(octets, StandardCharsets.UTF_8));
        } finally {
            found.close();
        }
    }

    String version(String key) throws InterruptedException {
        Lookup.Found found = (Lookup.Found) lookup(key);
        try {
            return found.credential().version().value();
        } finally {
            found.close();
        }
    }

    /** Lets time pass, step by step, and the store do what is due in each. */
    void pass(Duration time, Duration step) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            clock.advance(step);
            store().tick();
        }
    }

    /** Waits for what other threads do, not for time: nothing becomes due here that was not before. */
    void eventually(ThrowingRunnable assertion) {
        await().untilAsserted(() -> {
            store().tick();
            assertion.run();
        });
    }

    @Override
    public void close() {
        try {
            if (store != null) {
                store.close();
            }
        } catch (InterruptedException leaving) {
            Thread.currentThread().interrupt();
        } finally {
            vault.close();
        }
    }
}
