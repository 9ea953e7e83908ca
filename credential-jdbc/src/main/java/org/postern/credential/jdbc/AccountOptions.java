// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.credential.jdbc.database.DatabaseUrl;
import org.postern.credential.jdbc.database.NamedQuery;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.StanzaType;

/**
 * One stanza {@code Credential_JDBC}: its words, and what they mean.
 *
 * @param place where the database is
 * @param user the account in the database
 * @param password where its password is
 * @param query for one account
 * @param changes what tells that accounts have changed
 * @param poll how often that is asked
 * @param channel the channel of PostgreSQL that tells of changes
 * @param timeout how long a lookup may take
 * @param connections at most
 */
record AccountOptions(
        Place place,
        Optional<String> user,
        PasswordPlace password,
        NamedQuery query,
        Optional<NamedQuery> changes,
        Duration poll,
        Optional<String> channel,
        Duration timeout,
        int connections) {

    /** The persistent identity of the stanzas. */
    static final String PID = "org.postern.credential.jdbc";

    /** The parameter that every query has. */
    static final String KEY = "key";

    static final Setting<String> URL = in(Setting.of(
            "URL",
            SettingType.matching(DatabaseUrl.FORM_IN_WORDS, DatabaseUrl.FORM),
            "The database, as a JDBC URL without user and password."));
    static final Setting<String> DATA_SOURCE =
            in(Setting.of("DataSource", SettingType.TEXT, "In place of URL: the name of a DataSource service."));
    static final Setting<String> USER = in(Setting.of("User", SettingType.TEXT, "The account in the database."));
    static final Setting<String> PASSWORD_FILE =
            in(Setting.of("Password_File", SettingType.TEXT, "A file whose first line is the database's password."));
    static final Setting<String> PASSWORD_ENV = in(Setting.of(
            "Password_Env", SettingType.TEXT, "The environment variable that holds the database's password."));
    static final Setting<String> PASSWORD_KEY = in(
            Setting.of("Password_Key", SettingType.TEXT, "The credential in another store that opens the database."));
    static final Setting<String> QUERY = in(Setting.of(
            "Query",
            SettingType.matching("a statement without control characters", Pattern.compile("[\\P{Cntrl}\\t\\r\\n]*")),
            "One SELECT for one account, with :key and, if wanted, :domain, :binding, :binding_group and :sender."));
    static final Setting<String> CHANGES =
            in(Setting.of("Changes", QUERY.type(), "One SELECT whose answer changes whenever an account does."));
    static final Setting<Duration> POLL = in(Setting.of(
            "Poll", SettingType.seconds(1, 86_400), Duration.ofSeconds(5), "Seconds between two looks at Changes."));
    static final Setting<String> NOTIFY = in(Setting.of(
            "Notify",
            SettingType.matching(
                    "a name of a-z, 0-9 and _, beginning with a letter", Pattern.compile("[a-z][a-z0-9_]{0,62}")),
            "The channel on which PostgreSQL tells of changes (LISTEN)."));
    static final Setting<Duration> TIMEOUT = in(Setting.of(
            "Query_Timeout", SettingType.seconds(1, 9), Duration.ofSeconds(5), "Seconds that a lookup may take."));
    static final Setting<Long> CONNECTIONS =
            in(Setting.of("Connections", SettingType.integer(1, 64), 4L, "Connections at most, and lookups at once."));

    static final StanzaType STANZA = new StanzaType(
            "Credential_JDBC",
            Optional.of(PID),
            true,
            List.of(
                    URL,
                    DATA_SOURCE,
                    USER,
                    PASSWORD_FILE,
                    PASSWORD_ENV,
                    PASSWORD_KEY,
                    QUERY,
                    CHANGES,
                    POLL,
                    NOTIFY,
                    TIMEOUT,
                    CONNECTIONS),
            List.of(),
            Set.of(),
            false,
            "Accounts in a database, asked for by this name.");

    private static final String DIRECTORY = "postern.config.directory";

    /** Where a database is. */
    sealed interface Place {

        /** @param url for a driver that is known */
        record Url(DatabaseUrl url) implements Place {}

        /** @param name of the DataSource service */
        record Service(String name) implements Place {}
    }

    /** Where the password of the database is. */
    sealed interface PasswordPlace {

        /** There is none. */
        record Nowhere() implements PasswordPlace {}

        /** @param path of a file */
        record InFile(Path path) implements PasswordPlace {}

        /** @param name of a variable */
        record InEnvironment(String name) implements PasswordPlace {}

        /** @param key in another store */
        record InStore(String key) implements PasswordPlace {}
    }

    private static <T> Setting<T> in(Setting<T> setting) {
        return setting.in(ScopeKind.GLOBAL);
    }

    /** The attribute that a parameter of the query stands for. */
    static String parameter(LookupAttribute attribute) {
        return attribute.name().toLowerCase(Locale.ROOT);
    }

    /**
     * What the dictionary of a stanza says.
     *
     * @throws IllegalArgumentException if it is incomplete or contradicts itself; the text says how
     */
    static AccountOptions read(Map<String, ?> properties) {
        Path directory = Path.of(text(properties, DIRECTORY).orElse(""));
        AccountOptions options = new AccountOptions(
                place(properties, directory),
                text(properties, USER.key()),
                password(properties, directory),
                query(properties, QUERY, parameters()).orElseThrow(() -> new IllegalArgumentException("has no Query")),
                query(properties, CHANGES, Set.of()),
                seconds(properties, POLL),
                text(properties, NOTIFY.key()),
                seconds(properties, TIMEOUT),
                number(properties, CONNECTIONS, Long::parseLong).intValue());
        if (!options.query.parameters().contains(KEY)) {
            throw new IllegalArgumentException("Query does not use :key");
        }
        if (options.channel.isPresent() && !options.isPostgresql()) {
            throw new IllegalArgumentException("Notify is for jdbc:postgresql alone; Changes is for all");
        }
        return options;
    }

    /** Whether the database is PostgreSQL by its URL. */
    boolean isPostgresql() {
        return place instanceof Place.Url(DatabaseUrl.Server server) && server.kind() == DatabaseUrl.Kind.POSTGRESQL;
    }

    /** The attributes that the query uses. */
    Set<LookupAttribute> attributes() {
        return Stream.of(LookupAttribute.values())
                .filter(attribute -> query.parameters().contains(parameter(attribute)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> parameters() {
        Set<String> parameters = new HashSet<>(Set.of(KEY));
        Stream.of(LookupAttribute.values()).map(AccountOptions::parameter).forEach(parameters::add);
        return parameters;
    }

    private static Place place(Map<String, ?> properties, Path directory) {
        Optional<String> url = text(properties, URL.key());
        Optional<String> service = text(properties, DATA_SOURCE.key());
        if (url.isPresent() == service.isPresent()) {
            throw new IllegalArgumentException("needs exactly one of URL and DataSource");
        }
        return url.<Place>map(given -> new Place.Url(said(URL, given, one -> DatabaseUrl.read(one, directory))))
                .orElseGet(() -> new Place.Service(service.orElseThrow()));
    }

    private static PasswordPlace password(Map<String, ?> properties, Path directory) {
        List<PasswordPlace> places = Stream.of(
                        text(properties, PASSWORD_FILE.key())
                                .<PasswordPlace>map(path -> new PasswordPlace.InFile(directory.resolve(path))),
                        text(properties, PASSWORD_ENV.key()).<PasswordPlace>map(PasswordPlace.InEnvironment::new),
                        text(properties, PASSWORD_KEY.key()).<PasswordPlace>map(PasswordPlace.InStore::new))
                .flatMap(Optional::stream)
                .toList();
        if (places.size() > 1) {
            throw new IllegalArgumentException("needs at most one of Password_File, Password_Env and Password_Key");
        }
        return places.isEmpty() ? new PasswordPlace.Nowhere() : places.getFirst();
    }

    private static Optional<NamedQuery> query(Map<String, ?> properties, Setting<String> setting, Set<String> known) {
        return text(properties, setting.key())
                .map(statement -> said(setting, statement, given -> NamedQuery.of(given, known)));
    }

    private static <T> T said(Setting<?> setting, String value, Function<String, T> reading) {
        try {
            return reading.apply(value);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(setting + " " + wrong.getMessage(), wrong);
        }
    }

    private static Duration seconds(Map<String, ?> properties, Setting<Duration> setting) {
        return number(properties, setting, text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    private static <T> T number(Map<String, ?> properties, Setting<T> setting, Function<String, T> reading) {
        return text(properties, setting.key())
                .map(reading)
                .or(setting::defaultValue)
                .orElseThrow();
    }

    private static Optional<String> text(Map<String, ?> properties, String key) {
        return Optional.ofNullable(properties.get(key)).map(Object::toString).filter(text -> !text.isBlank());
    }
}
