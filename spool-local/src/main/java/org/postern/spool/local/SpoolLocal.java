// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the spool as a service while its directory is ours. Without a stanza in the configuration the directory is
 * {@code spool} below the framework property {@code postern.state}.
 */
@Component(configurationPid = SpoolLocalVocabulary.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class SpoolLocal implements Spool {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolLocal.class);

    private final LocalSpool spool;
    private final String state;
    private final Path directory;

    /** @throws IOException with one line for people, if the spool cannot be opened; then there is no service */
    @Activate
    public SpoolLocal(BundleContext context, Map<String, Object> properties) throws IOException {
        this(properties, context.getProperty(SpoolSettings.STATE));
    }

    SpoolLocal(Map<String, Object> properties, String state) throws IOException {
        try {
            SpoolSettings settings = SpoolSettings.read(properties, state);
            this.state = state;
            this.directory = settings.directory();
            this.spool = open(settings);
        } catch (IOException | RuntimeException failure) {
            LOG.error("the spool cannot be opened: {}", failure.toString());
            throw failure;
        }
    }

    private static LocalSpool open(SpoolSettings settings) throws IOException {
        LocalSpool opened = LocalSpool.open(
                DirectoryDisk.take(settings.directory()),
                SpoolOptions.withMinFree(settings.minFreeMb()),
                InstantSource.system());
        opened.keepAtMost(settings.maxMessages());
        LOG.info("spool {} is open, {} messages wait", settings.directory(), opened.count());
        return opened;
    }

    /**
     * Follows the configuration without a break: every reading of it gives the stanza a new generation, and a spool that
     * went away each time would hold up all mail. A new directory waits for the next start, since mail is in the old one.
     */
    @Modified
    void modified(Map<String, Object> properties) {
        try {
            SpoolSettings settings = SpoolSettings.read(properties, state);
            spool.keepFree(settings.minFreeMb());
            spool.keepAtMost(settings.maxMessages());
            if (!settings.directory().equals(directory)) {
                LOG.error(
                        "spool {} stays in use; Directory = {} takes effect at the next start, and mail is not moved",
                        directory,
                        settings.directory());
            }
        } catch (IOException invalid) {
            LOG.error("spool {} goes on as before: {}", directory, invalid.getMessage());
        }
    }

    /** Finishes what callers wait for; threads, files and the lock are gone when this returns. */
    @Deactivate
    void close() {
        try {
            spool.close();
        } catch (IOException failure) {
            LOG.warn("the spool was not closed well: {}", failure.toString());
        }
    }

    @Override
    public void requireRoom() throws IOException {
        spool.requireRoom();
    }

    @Override
    public Draft draft() throws IOException {
        return spool.draft();
    }

    @Override
    public void recover(Consumer<SpooledMessage> consumer) throws IOException {
        spool.recover(consumer);
    }

    @Override
    public InputStream openContent(MessageId id) throws IOException {
        return spool.openContent(id);
    }

    @Override
    public Optional<SpooledMessage> find(MessageId id) throws IOException {
        return spool.find(id);
    }

    @Override
    public void record(MessageId id, Collection<RecipientUpdate> updates) throws IOException {
        spool.record(id, updates);
    }

    @Override
    public void remove(MessageId id) throws IOException {
        spool.remove(id);
    }

    @Override
    public long remainingCapacity() {
        return spool.remainingCapacity();
    }
}
