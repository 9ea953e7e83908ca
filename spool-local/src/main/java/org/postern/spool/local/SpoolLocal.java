// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Dictionary;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.postern.spi.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the spool as a service while its directory is ours. Without a stanza in the configuration the directory is
 * {@code spool} below the framework property {@code postern.state}.
 *
 * <p>If the index of parked messages is lost, the spool goes away as a service and comes back with a new one, after a while
 * that grows each time: what is held is delivered until then.
 */
@Component(
        service = SpoolLocal.class,
        immediate = true,
        configurationPid = SpoolLocalVocabulary.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class SpoolLocal {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolLocal.class);

    static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final String state;
    private final Offering offering;
    private final Duration firstPause;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Path directory;
    private SpoolSettings settings;
    private LocalSpool spool;
    private Offer offer;
    private volatile Thread renewal;

    /** To whom the spool is offered. */
    interface Offering {

        /** Tells that a spool is being read, which takes the longer the more waits in it. */
        Offer opening(Path directory);

        Offer offer(Spool spool);
    }

    /** What was offered; a spool is taken back before it is closed. */
    interface Offer {
        void takeBack();
    }

    /** Whoever starts the container waits while a service has this property. */
    private record Services(BundleContext context) implements Offering {

        private static final String OPENING = "postern.spool.opening";

        @Override
        public Offer opening(Path directory) {
            Dictionary<String, String> properties = FrameworkUtil.asDictionary(Map.of(OPENING, directory.toString()));
            return context.registerService(Path.class, directory, properties)::unregister;
        }

        @Override
        public Offer offer(Spool spool) {
            return context.registerService(Spool.class, spool, null)::unregister;
        }
    }

    /** @throws IOException with one line for people, if the spool cannot be opened; then there is no service */
    @Activate
    public SpoolLocal(BundleContext context, Map<String, Object> properties) throws IOException {
        this(properties, context.getProperty(SpoolSettings.STATE), new Services(context), FIRST_PAUSE);
    }

    SpoolLocal(Map<String, Object> properties, String state, Offering offering, Duration firstPause)
            throws IOException {
        this.state = state;
        this.offering = offering;
        this.firstPause = firstPause;
        try {
            settings = SpoolSettings.read(properties, state);
            directory = settings.directory();
            begin(firstPause);
        } catch (IOException | RuntimeException failure) {
            LOG.error("the spool cannot be opened: {}", failure.toString());
            throw failure;
        }
    }

    /** @param pause how long to wait with a new one if the index of this one is lost */
    private synchronized void begin(Duration pause) throws IOException {
        Offer opening = offering.opening(directory);
        try {
            spool = LocalSpool.open(
                    DirectoryDisk.take(directory),
                    SpoolOptions.withMinFree(settings.minFreeMb()),
                    InstantSource.system(),
                    new Parking(settings.maxHeld(), () -> StoredIndex.inFile(directory.resolve(Names.INDEX))));
        } finally {
            opening.takeBack();
        }
        spool.keepAtMost(settings.maxMessages());
        LOG.info("spool {} is open, {} messages wait", directory, spool.count());
        spool.whenIndexIsLost(() -> renewLater(pause));
        offer = offering.offer(spool);
    }

    /** Called by a thread of the spool's, which whoever closes the spool waits for: so it must not wait for them. */
    private void renewLater(Duration pause) {
        LOG.warn(
                "spool {}: what is beyond Max_Held waits until the log is read again, in {} s; more is refused",
                directory,
                pause.toSeconds());
        renewal = Thread.ofPlatform()
                .daemon()
                .name("postern-spool-renewal " + directory)
                .start(() -> renew(pause));
    }

    private void renew(Duration pause) {
        Duration next = pause;
        try {
            while (!ended.await(next.toMillis(), TimeUnit.MILLISECONDS) && !renewed(longer(next))) {
                next = longer(next);
            }
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private synchronized boolean renewed(Duration next) {
        end();
        try {
            if (ended.getCount() > 0) {
                begin(next);
            }
            return true;
        } catch (IOException | RuntimeException failure) {
            LOG.error("the spool cannot be opened, will try again: {}", failure.toString());
            return false;
        }
    }

    /**
     * Follows the configuration without a break: every reading of it gives the stanza a new generation, and a spool that
     * went away each time would hold up all mail. A new directory waits for the next start, since mail is in the old one.
     */
    @Modified
    synchronized void modified(Map<String, Object> properties) {
        try {
            settings = SpoolSettings.read(properties, state);
            if (spool != null) {
                spool.keepFree(settings.minFreeMb());
                spool.holdAtMost(settings.maxHeld());
                spool.keepAtMost(settings.maxMessages());
            }
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
        ended.countDown();
        Thread last = renewal;
        if (last != null) {
            ThreadEnd.await(last);
        }
        end();
    }

    private synchronized void end() {
        if (spool == null) {
            return;
        }
        try {
            offer.takeBack();
            spool.close();
        } catch (IOException failure) {
            LOG.warn("the spool was not closed well: {}", failure.toString());
        }
        spool = null;
    }
}
