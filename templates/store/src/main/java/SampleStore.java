// SPDX-License-Identifier: Apache-2.0
package org.example.sample;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;

/**
 * Credentials from the file {@code sample.properties} beside the relay's configuration: {@code KEY.user} and
 * {@code KEY.password}. The file is read for each lookup, so there is nothing to notice and nothing to keep. Put your own
 * source in its place.
 *
 * <p>Threading: several lookups run at once. A lookup may block; the engine gives it a deadline and interrupts it.
 */
@Component
public final class SampleStore implements CredentialStore {

    private final Path file;
    private final KeyedVersions versions = new KeyedVersions();

    /** Finds the configuration by the property that the launcher sets. */
    @Activate
    public SampleStore(BundleContext context) {
        this(Path.of(context.getProperty("postern.conf")).resolveSibling("sample.properties"));
    }

    SampleStore(Path file) {
        this.file = file;
    }

    @Override
    public String name() {
        return "sample";
    }

    /** Three answers there are: found, not there, cannot say. After the last one mail waits and the store is asked again. */
    @Override
    public Lookup lookup(CredentialRef ref) {
        try {
            return lookup(ref.key(), read());
        } catch (NoSuchFileException missing) {
            return new Lookup.StoreUnavailable(file + " is missing");
        } catch (IOException | IllegalArgumentException unreadable) {
            // Not its message, which may quote the file.
            return new Lookup.StoreUnavailable(
                    file + " cannot be read: " + unreadable.getClass().getSimpleName());
        }
    }

    private Properties read() throws IOException {
        Properties entries = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            entries.load(in);
        }
        return entries;
    }

    private Lookup lookup(String key, Properties entries) {
        String user = entries.getProperty(key + ".user");
        String password = entries.getProperty(key + ".password");
        if (user == null || password == null) {
            return new Lookup.NoSuchCredential(file.getFileName() + " has not both user and password under that key");
        }
        return new Lookup.Found(new PasswordCredential(
                user, Secret.of(password), versions.of(user, password), Optional.empty(), Set.of()));
    }
}
