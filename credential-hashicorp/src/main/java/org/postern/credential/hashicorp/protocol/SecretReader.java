// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.postern.credential.hashicorp.SecretAnswer;
import org.postern.credential.hashicorp.SecretFields;
import org.postern.credential.hashicorp.SecretSource;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;
import org.postern.spi.text.Printable;

/** Reads secrets over the API: KV of both versions, and any engine whose secrets are read by a GET. */
public final class SecretReader implements SecretSource {

    private final VaultServer server;
    private final TokenHolder tokens;
    private final Optional<Boolean> versioned;
    private final SecretWrapping wrapping;
    private final InstantSource clock;
    private final List<Engine> engines = new CopyOnWriteArrayList<>();

    /**
     * A reader that knows no engine yet.
     *
     * @param versioned whether the first part of each path is a KV engine of version 2, or one of version 1; nothing to ask
     *     the server
     */
    public SecretReader(
            VaultServer server,
            TokenHolder tokens,
            Optional<Boolean> versioned,
            SecretWrapping wrapping,
            InstantSource clock) {
        this.server = server;
        this.tokens = tokens;
        this.versioned = versioned;
        this.wrapping = wrapping;
        this.clock = clock;
    }

    /** A question that needs a token. */
    private interface Question<A> {
        A ask(Secret token) throws InterruptedException, UnansweredException;
    }

    /** The question was not answered; why not is the answer to whoever asked for a secret. */
    private static final class UnansweredException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient SecretAnswer answer;

        UnansweredException(SecretAnswer answer) {
            super(null, null, false, false);
            this.answer = answer;
        }
    }

    @Override
    public SecretAnswer read(String path) throws InterruptedException {
        try {
            return asked(token -> read(path, token));
        } catch (UnansweredException none) {
            return none.answer;
        }
    }

    @Override
    public Optional<String> peek(String path) throws InterruptedException {
        try {
            return asked(token -> {
                Engine engine = engine(path, token);
                return engine.versioned()
                        ? state(server.call(ApiRequest.get(engine.metadataPath(path), token)))
                        : Optional.empty();
            });
        } catch (UnansweredException none) {
            return Optional.empty();
        }
    }

    private Optional<String> state(Reply reply) {
        return switch (reply) {
            case Reply.Done done -> done.body().object("data").map(this::state);
            case Reply.Refused refused -> refused.status() == 404 ? Optional.of(SecretFields.ABSENT) : Optional.empty();
            case Reply.Failed failed -> Optional.empty();
            case Reply.Unavailable down -> Optional.empty();
        };
    }

    private String state(JsonObject about) {
        Optional<Long> number = about.count("current_version");
        JsonObject version = number.flatMap(
                        current -> about.object("versions").flatMap(all -> all.object(Long.toString(current))))
                .orElse(JsonObject.EMPTY);
        Optional<Instant> end = version.moment("deletion_time");
        // A time of deletion that lies ahead is no deletion yet.
        boolean gone = number.isEmpty()
                || version.flag("destroyed")
                || end.filter(moment -> moment.isBefore(clock.instant())).isPresent();
        return gone
                ? SecretFields.ABSENT
                : new SecretFields.Origin(number, version.moment("created_time"), end).state();
    }

    @Override
    public Optional<SecretAnswer.Lease> renew(SecretAnswer.Lease lease) throws InterruptedException {
        try {
            return asked(token -> switch (server.call(
                    ApiRequest.post("sys/leases/renew", token, Map.of("lease_id", lease.id())))) {
                case Reply.Done done -> lease(done.body());
                case Reply.Refused refused -> Optional.empty();
                case Reply.Failed failed -> Optional.empty();
                case Reply.Unavailable down -> Optional.empty();
            });
        } catch (UnansweredException none) {
            return Optional.empty();
        }
    }

    /** Asks with the token, and once more with another if that one is refused. */
    private <A> A asked(Question<A> question) throws InterruptedException, UnansweredException {
        long serial;
        try (Access.Granted granted = token()) {
            serial = granted.serial();
            try {
                return question.ask(granted.token());
            } catch (UnansweredException refused) {
                if (!(refused.answer instanceof SecretAnswer.Denied) || !tokens.replace(serial)) {
                    throw refused;
                }
            }
        }
        try (Access.Granted another = token()) {
            A answer = question.ask(another.token());
            tokens.helped();
            return answer;
        }
    }

    private Access.Granted token() throws InterruptedException, UnansweredException {
        return switch (tokens.access()) {
            case Access.Granted granted -> granted;
            case Access.None none -> throw new UnansweredException(new SecretAnswer.Failed(none.reason()));
            case Access.Unavailable down -> throw new UnansweredException(new SecretAnswer.Unavailable(down.reason()));
        };
    }

    private SecretAnswer read(String path, Secret token) throws InterruptedException, UnansweredException {
        Engine engine = engine(path, token);
        SecretAnswer answer = read(path, engine, token);
        if (answer instanceof SecretAnswer.Absent && engines.remove(engine)) {
            // Mounted anew, or upgraded from version 1 to 2, since it was looked at.
            Engine now = engine(path, token);
            return now.equals(engine) ? answer : read(path, now, token);
        }
        return answer;
    }

    private SecretAnswer read(String path, Engine engine, Secret token)
            throws InterruptedException, UnansweredException {
        return switch (server.call(ApiRequest.get(engine.dataPath(path), token))) {
            case Reply.Done done -> engine.versioned() ? version(path, done.body()) : plain(path, done.body());
            case Reply.Refused refused -> refused(path, engine, refused);
            case Reply.Failed failed -> new SecretAnswer.Failed(failed.reason());
            case Reply.Unavailable down -> new SecretAnswer.Unavailable(down.reason());
        };
    }

    private SecretAnswer version(String path, JsonObject body) {
        JsonObject outer = body.object("data").orElse(JsonObject.EMPTY);
        JsonObject about = outer.object("metadata").orElse(JsonObject.EMPTY);
        SecretFields.Origin origin = new SecretFields.Origin(
                about.count("version"), about.moment("created_time"), about.moment("deletion_time"));
        return outer.object("data")
                .<SecretAnswer>map(fields -> new SecretAnswer.Present(fields(fields, origin), Optional.empty()))
                .orElseGet(() -> new SecretAnswer.Absent(
                        quoted(path) + " has no fields: is its engine KV of version 1? KV_Version says 2"));
    }

    private SecretAnswer plain(String path, JsonObject body) {
        return body.object("data")
                .<SecretAnswer>map(
                        fields -> new SecretAnswer.Present(fields(fields, SecretFields.Origin.UNKNOWN), lease(body)))
                .orElseGet(() -> new SecretAnswer.Absent(quoted(path) + " has no fields"));
    }

    /** KV of version 1 says for how long a value may be kept; only what has an identifier is a lease. */
    private static Optional<SecretAnswer.Lease> lease(JsonObject body) {
        return body.text("lease_id")
                .filter(id -> !id.isEmpty())
                .flatMap(id -> body.seconds("lease_duration")
                        .map(life -> new SecretAnswer.Lease(id, life, body.flag("renewable"))));
    }

    private SecretFields fields(JsonObject found, SecretFields.Origin origin) {
        Map<String, SecretWrapping.Wrapped> texts = new HashMap<>();
        Set<String> others = new HashSet<>();
        for (String name : found.names()) {
            Optional<String> text = found.text(name);
            if (text.isPresent()) {
                try (Secret clear = Secret.of(text.get())) {
                    texts.put(name, wrapping.wrap(clear));
                }
            } else {
                others.add(name);
            }
        }
        return new SecretFields(texts, others, origin);
    }

    private static SecretAnswer refused(String path, Engine engine, Reply.Refused refused) throws UnansweredException {
        return switch (refused.status()) {
            case 403 -> throw new UnansweredException(new SecretAnswer.Denied(denied(engine.dataPath(path))));
            case 404 -> new SecretAnswer.Absent(absent(path, engine, refused.body()));
            default ->
                new SecretAnswer.Failed("the server refuses to read " + quoted(path) + " (" + refused.status() + ")"
                        + (refused.words().isEmpty() ? "" : ": " + Printable.of(refused.words())));
        };
    }

    private static String denied(String apiPath) {
        return "the server denies \"" + Printable.of(apiPath)
                + "\" (403): the token is not good, or its policies do not grant read there";
    }

    private static String absent(String path, Engine engine, JsonObject body) {
        JsonObject about =
                body.object("data").flatMap(data -> data.object("metadata")).orElse(JsonObject.EMPTY);
        if (about.flag("destroyed")) {
            return "version " + about.count("version").orElse(0L) + " of " + quoted(path) + " was destroyed";
        }
        if (about.text("deletion_time").filter(time -> !time.isEmpty()).isPresent()) {
            return "version " + about.count("version").orElse(0L) + " of " + quoted(path) + " was deleted on "
                    + Printable.of(about.text("deletion_time").get()) + ": undelete it or write a new one";
        }
        if (body.texts("warnings").stream().anyMatch(warning -> warning.contains("versioned"))) {
            return quoted(path) + " is in an engine of KV version 2, and KV_Version says 1";
        }
        return "the server has no secret " + quoted(path) + (engine.versioned() ? " (KV version 2 at " : " (at ")
                + quoted(engine.mount()) + ")";
    }

    /** Which engine a path is in. */
    private Engine engine(String path, Secret token) throws InterruptedException, UnansweredException {
        if (versioned.isPresent()) {
            int slash = path.indexOf('/');
            return new Engine(slash < 0 ? path : path.substring(0, slash), versioned.get());
        }
        Optional<Engine> known = engines.stream()
                .filter(engine -> engine.holds(path))
                .max(Comparator.comparingInt(engine -> engine.mount().length()));
        if (known.isPresent()) {
            return known.get();
        }
        Engine found = find(path, token);
        engines.remove(found);
        engines.add(found);
        return found;
    }

    private Engine find(String path, Secret token) throws InterruptedException, UnansweredException {
        return switch (server.call(ApiRequest.get("sys/internal/ui/mounts/" + PathText.encoded(path), token))) {
            case Reply.Done done -> engine(path, done.body().object("data").orElse(JsonObject.EMPTY));
            case Reply.Refused refused -> throw new UnansweredException(unknownEngine(path, refused));
            case Reply.Failed failed -> throw new UnansweredException(new SecretAnswer.Failed(failed.reason()));
            case Reply.Unavailable down -> throw new UnansweredException(new SecretAnswer.Unavailable(down.reason()));
        };
    }

    /** The server says 403 as well where nothing is mounted, so as not to tell what is. */
    private static SecretAnswer unknownEngine(String path, Reply.Refused refused) {
        return refused.status() == 403
                ? new SecretAnswer.Denied(
                        "the server does not say in which engine " + quoted(path)
                                + " is (403): nothing is mounted there, the token is not good, or it may read nothing in that engine")
                : new SecretAnswer.Failed(
                        "the server does not say in which engine " + quoted(path) + " is (" + refused.status() + ")");
    }

    private static Engine engine(String path, JsonObject about) throws UnansweredException {
        String mount = about.text("path").orElse("").replaceAll("/+$", "");
        boolean second = about.object("options")
                .flatMap(options -> options.text("version"))
                .filter("2"::equals)
                .isPresent();
        boolean kv = about.text("type")
                .filter(type -> type.equals("kv") || type.equals("generic"))
                .isPresent();
        Engine engine = new Engine(mount, kv && second);
        if (mount.isEmpty() || !engine.holds(path)) {
            throw new UnansweredException(new SecretAnswer.Absent(
                    "no secret can be at " + quoted(path) + ": nothing but an engine is there"));
        }
        return engine;
    }

    private static String quoted(String path) {
        return '"' + Printable.of(path) + '"';
    }
}
