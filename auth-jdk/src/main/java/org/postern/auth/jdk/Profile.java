// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Constants;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.sasl.Mechanism;

/**
 * What the engine is told of a mechanism. A factory does not say it, so it is written here for the mechanisms of the Java
 * runtime; of any other, the worst is assumed unless its service says better.
 *
 * @param name the registered name
 * @param ranking the strength
 * @param revealsSecret whether it shows a reusable secret
 * @param feeds the kinds of credential that it uses
 * @param carriesAuthorization whether an authorization identity reaches the peer; where not, the Java runtime drops it
 *     without a word
 */
record Profile(String name, int ranking, boolean revealsSecret, List<String> feeds, boolean carriesAuthorization) {

    static final String CRAM_MD5 = "CRAM-MD5";
    static final String DIGEST_MD5 = "DIGEST-MD5";
    static final String EXTERNAL = "EXTERNAL";
    static final String GSSAPI = "GSSAPI";
    static final String NTLM = "NTLM";

    private static final List<String> PASSWORD = List.of(PasswordCredential.KIND);

    private static final List<Profile> KNOWN = List.of(
            new Profile(EXTERNAL, 120, false, List.of(IdentityOnly.KIND), true),
            new Profile(GSSAPI, 110, false, List.of(PasswordCredential.KIND, IdentityOnly.KIND), true),
            new Profile(DIGEST_MD5, 35, false, PASSWORD, true),
            new Profile(CRAM_MD5, 30, false, PASSWORD, false),
            new Profile(NTLM, 25, false, PASSWORD, false));

    /**
     * The profile of a mechanism.
     *
     * @param said properties of the service that the factory is, none for a factory of the Java runtime
     */
    static Profile of(String name, Map<String, ?> said) {
        Profile known = KNOWN.stream()
                .filter(one -> one.name.equals(name))
                .findFirst()
                .orElse(new Profile(name, 5, true, PASSWORD, true));
        return new Profile(
                name,
                value(said, "ranking", Integer.class).orElse(known.ranking),
                value(said, "revealsSecret", Boolean.class).orElse(known.revealsSecret),
                kinds(said).orElse(known.feeds),
                known.carriesAuthorization);
    }

    private static <T> Optional<T> value(Map<String, ?> said, String property, Class<T> type) {
        return Optional.ofNullable(said.get(Mechanism.PREFIX_ + property))
                .filter(type::isInstance)
                .map(type::cast);
    }

    private static Optional<List<String>> kinds(Map<String, ?> said) {
        return switch (said.get(Mechanism.PREFIX_ + "feeds")) {
            case String kind -> Optional.of(List.of(kind));
            case String[] kinds -> Optional.of(List.copyOf(Arrays.asList(kinds)));
            case null, default -> Optional.empty();
        };
    }

    /** As {@link Mechanism} describes a component. */
    Dictionary<String, Object> properties() {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(Mechanism.PREFIX_ + "name", name);
        properties.put(Mechanism.PREFIX_ + "revealsSecret", revealsSecret);
        properties.put(Mechanism.PREFIX_ + "feeds", feeds.toArray(String[]::new));
        properties.put(Constants.SERVICE_RANKING, ranking);
        return properties;
    }
}
