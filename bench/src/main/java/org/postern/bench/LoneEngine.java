// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.postern.core.engine.CredentialInbox;
import org.postern.core.engine.EngineComponent;
import org.postern.core.engine.SettingsInbox;
import org.postern.engine.EngineRuntime;
import org.postern.engine.Submission;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.event.DeliveryListener;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.sasl.Mechanism;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * The engine with a spool on the disk. There is no container here, so what Declarative Services do is done by hand.
 *
 * <p>Threading: mail is submitted by many threads, all else is done by one.
 */
public final class LoneEngine implements AutoCloseable {

    private static final ByteBuffer CONTENT = ByteBuffer.wrap(
            ("Subject: x\r\n\r\n" + "x".repeat(70).concat("\r\n").repeat(14)).getBytes(US_ASCII));

    private final Path folder;
    private final LoneSpool spool;
    private final SettingsInbox settings = new SettingsInbox();
    private final CredentialInbox credentials = new CredentialInbox();
    private final EngineComponent engine;
    private long generation;
    private long services;

    /** Starts with an empty spool and without a configuration. */
    public LoneEngine(DeliveryListener listener) throws IOException {
        this.folder = Files.createTempDirectory("postern-bench-");
        this.spool = new LoneSpool(folder);
        // As Declarative Services say that there are no registers.
        this.engine = new EngineComponent(spool.context(), spool.spool(), settings, credentials, null);
        Pretence.call(engine, "bindListener", listener);
    }

    /** Installs a mechanism that shows the secret. */
    public void install(SaslMechanism mechanism, String name, String feeds) {
        Pretence.call(
                engine,
                "bindMechanism",
                reference(Map.of(Mechanism.PREFIX_ + "name", name, Mechanism.PREFIX_ + "feeds", feeds)),
                mechanism);
    }

    /** Installs a store. */
    public void install(CredentialStore store) {
        Pretence.call(engine, "bindStore", reference(Map.of()), store);
    }

    /** Where stores announce changes. */
    public CredentialListener credentials() {
        return credentials;
    }

    /** What it is doing. */
    public EngineRuntime runtime() {
        return engine;
    }

    /** Puts another configuration in force. */
    public void configure(Consumer<Configuration> content) {
        SettingsSnapshot.Builder next = SettingsSnapshot.builder(++generation);
        content.accept(new Configuration(next));
        settings.changed(next.build());
    }

    /** A configuration that is being written. */
    public static final class Configuration {

        private final SettingsSnapshot.Builder next;

        private Configuration(SettingsSnapshot.Builder next) {
            this.next = next;
        }

        /** Sets an option for all mail. */
        public <T> Configuration global(Setting<T> setting, T value) {
            return at(ScopePath.GLOBAL, setting, value);
        }

        /** Sets an option for a domain. */
        public <T> Configuration domain(String domain, Setting<T> setting, T value) {
            return at(ScopePath.ofDomain(domain), setting, value);
        }

        private <T> Configuration at(ScopePath place, Setting<T> setting, T value) {
            next.put(place, setting, new Located<>(Optional.of(value), new Origin("bench.conf", 1, 1)));
            return this;
        }
    }

    /** An envelope with one recipient in a domain. */
    public static Envelope to(String domain) {
        return new Envelope(
                Optional.of(MailAddress.parse("s@example.org")),
                List.of(MailAddress.parse("r@" + domain)),
                BodyType.SEVEN_BIT,
                false);
    }

    /** Accepts a message of 1 kB. */
    public void submit(Envelope envelope, Map<String, String> context) throws IOException {
        try (Submission submission = engine.submit()) {
            submission.write(CONTENT.duplicate());
            submission.accept(envelope, Binding.DEFAULT, context);
        }
    }

    @Override
    public void close() throws IOException {
        Pretence.call(engine, "deactivate");
        spool.close();
        Folders.delete(folder);
    }

    private ServiceReference<?> reference(Map<String, Object> properties) {
        long id = ++services;
        return Pretence.of(ServiceReference.class, (name, arguments) -> switch (name) {
            case "getProperty" ->
                Constants.SERVICE_ID.equals(arguments[0]) ? id : properties.get((String) arguments[0]);
            default -> null;
        });
    }
}
