// SPDX-License-Identifier: Apache-2.0
package org.postern.examples.environment;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;

/**
 * User and password from two environment variables. Asked before stores without a ranking, because who sets a variable
 * for one process wants it to win.
 *
 * <p>Threading: safe for several threads. The environment of a process never changes, so there is nothing to notice.
 */
@Component
@ServiceRanking(10)
public final class EnvironmentStore implements CredentialStore {

    /** Longer keys are no names that anybody gives to a variable. */
    private static final int LONGEST_KEY = 200;

    private final Supplier<Map<String, String>> environment;
    private final KeyedVersions versions = new KeyedVersions();

    /** Reads the environment of this process. */
    @Activate
    public EnvironmentStore() {
        this(System::getenv);
    }

    EnvironmentStore(Supplier<Map<String, String>> environment) {
        this.environment = environment;
    }

    @Override
    public String name() {
        return "environment";
    }

    @Override
    public Lookup lookup(CredentialRef ref) {
        if (ref.key().isEmpty() || ref.key().length() > LONGEST_KEY) {
            return new Lookup.NoSuchCredential("keys have 1 to " + LONGEST_KEY + " characters here");
        }
        return lookup(new VariableName(ref.key()), environment.get());
    }

    private Lookup lookup(VariableName variable, Map<String, String> variables) {
        String user = variables.get(variable.user());
        String password = variables.get(variable.password());
        if (user == null && password == null) {
            return new Lookup.NoSuchCredential(variable.user() + " and " + variable.password() + " are not set");
        }
        // Half a credential is a slip of whoever set it, and no reason to try another store's account.
        if (user == null || password == null) {
            return new Lookup.StoreUnavailable(
                    user == null
                            ? variable.password() + " is set, and " + variable.user() + " is not"
                            : variable.user() + " is set, and " + variable.password() + " is not");
        }
        return new Lookup.Found(new PasswordCredential(
                user, Secret.of(password), versions.of(user, password), Optional.empty(), Set.of()));
    }
}
