// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postern.credential.hashicorp.protocol.LoginMethod.AppRole;
import org.postern.credential.hashicorp.protocol.LoginMethod.ClientCertificate;
import org.postern.credential.hashicorp.protocol.LoginMethod.GivenToken;
import org.postern.credential.hashicorp.protocol.LoginMethod.SignedStatement;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;
import org.postern.spi.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs in. For one thread at a time. */
final class Login {

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private final LoginMethod method;
    private final VaultServer server;
    private final SecretWrapping wrapping;
    /** A secret ID that was unwrapped: its wrapping was good for one use, it is good for more. */
    private Optional<SecretWrapping.Wrapped> unwrapped = Optional.empty();

    Login(LoginMethod method, VaultServer server, SecretWrapping wrapping) {
        this.method = method;
        this.server = server;
        this.wrapping = wrapping;
    }

    LoginMethod method() {
        return method;
    }

    LoginResult attempt() throws InterruptedException {
        try {
            return switch (method) {
                case GivenToken given -> given(given);
                case AppRole role -> appRole(role);
                case SignedStatement statement -> signed(statement);
                case ClientCertificate certificate ->
                    at(
                            certificate.mount(),
                            certificate.role().map(name -> Map.of("name", name)).orElse(Map.of()));
            };
        } catch (IOException unreadable) {
            return new LoginResult.Refused("cannot log in: " + unreadable.getMessage());
        } catch (RefusedException refused) {
            return refused.result;
        }
    }

    private LoginResult given(GivenToken given) throws IOException, RefusedException, InterruptedException {
        if (!given.wrapped()) {
            return known(given.token().read());
        }
        try (Secret wrappingToken = given.token().read()) {
            Reply.Done opened = unwrap(wrappingToken, "auth/token/create", given.token());
            return opened.body()
                    .object("auth")
                    .map(this::granted)
                    .orElseGet(() -> new LoginResult.Refused("cannot log in: what was wrapped in "
                            + given.token().describe() + " is no token"));
        }
    }

    /** The token tells of itself how long it lives. One that may not ask that is good all the same. */
    private LoginResult known(Secret token) throws InterruptedException {
        boolean handedOver = false;
        try {
            LoginResult result = switch (server.call(ApiRequest.get("auth/token/lookup-self", token))) {
                case Reply.Done done -> {
                    JsonObject about = done.body().object("data").orElse(JsonObject.EMPTY);
                    yield new LoginResult.Granted(token, about.seconds("ttl"), about.flag("renewable"));
                }
                case Reply.Refused refused -> new LoginResult.Granted(token, Optional.empty(), false);
                case Reply.Failed failed -> new LoginResult.Failed(failed.reason());
                case Reply.Unavailable down -> new LoginResult.Unavailable(down.reason());
            };
            handedOver = result instanceof LoginResult.Granted;
            return result;
        } finally {
            if (!handedOver) {
                token.close();
            }
        }
    }

    private LoginResult appRole(AppRole role) throws IOException, RefusedException, InterruptedException {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("role_id", role.roleId());
        if (role.secretId().isPresent()) {
            try (Secret secretId = secretId(role, role.secretId().get())) {
                body.put("secret_id", text(secretId));
            }
        }
        return at(role.mount(), body);
    }

    private Secret secretId(AppRole role, BootstrapSecret place)
            throws IOException, RefusedException, InterruptedException {
        if (!role.wrapped()) {
            return place.read();
        }
        try (Secret wrappingToken = place.read()) {
            Reply.Done opened = unwrap(wrappingToken, "auth/" + role.mount() + "/role/", place);
            Secret found = opened.body()
                    .object("data")
                    .flatMap(data -> data.text("secret_id"))
                    .map(Secret::of)
                    .orElseThrow(() -> new IOException("what was wrapped in " + place.describe() + " is no secret ID"));
            unwrapped = Optional.of(wrapping.wrap(found));
            return found;
        } catch (IOException none) {
            // Its file is deleted after use, and there is a new one only when somebody brings it.
            return unwrapped.map(SecretWrapping.Wrapped::unwrap).orElseThrow(() -> none);
        }
    }

    /**
     * Takes the wrapping off. It can be taken off once; if it was taken off already, somebody else has what was inside,
     * and that is what wrapping is there to show.
     *
     * @param origin how the path begins by which the server has to have made what is inside
     */
    private Reply.Done unwrap(Secret wrappingToken, String origin, BootstrapSecret place)
            throws IOException, RefusedException, InterruptedException {
        Reply.Done about = done(
                server.call(ApiRequest.withoutToken("sys/wrapping/lookup", Map.of("token", text(wrappingToken)))),
                "the wrapping token in " + place.describe()
                        + " is not good: it has expired, or somebody else has used it (then revoke what was inside)");
        String madeAt = about.body()
                .object("data")
                .flatMap(data -> data.text("creation_path"))
                .orElse("nowhere");
        if (!madeAt.startsWith(origin)) {
            throw new IOException("the wrapping token in " + place.describe() + " was made at " + Printable.of(madeAt)
                    + " and not at " + origin);
        }
        Reply.Done opened = done(
                server.call(ApiRequest.post("sys/wrapping/unwrap", wrappingToken, Map.of())),
                "the wrapping token in " + place.describe() + " cannot be opened");
        forget(place);
        return opened;
    }

    private static void forget(BootstrapSecret place) {
        if (place instanceof BootstrapSecret.InFile file) {
            try {
                Files.delete(file.path());
            } catch (IOException stays) {
                LOG.warn("{} was used and could not be deleted", place.describe());
            }
        }
    }

    private LoginResult signed(SignedStatement statement) throws IOException, RefusedException, InterruptedException {
        Map<String, String> body = new LinkedHashMap<>();
        if (!statement.role().isEmpty()) {
            body.put("role", statement.role());
        }
        try (Secret jwt = statement.jwt().read()) {
            body.put("jwt", text(jwt));
        }
        return at(statement.mount(), body);
    }

    private LoginResult at(String mount, Map<String, String> body) throws RefusedException, InterruptedException {
        Reply.Done done = done(
                server.call(ApiRequest.withoutToken("auth/" + PathText.encoded(mount) + "/login", body)),
                method.describe() + " is refused");
        return done.body()
                .object("auth")
                .map(this::granted)
                .orElseGet(() ->
                        new LoginResult.Refused(method.describe() + " brings no token: does it want a second factor?"));
    }

    private LoginResult granted(JsonObject auth) {
        Optional<String> token = auth.text("client_token").filter(Login::fitsAHeader);
        return token.isPresent()
                ? new LoginResult.Granted(
                        Secret.of(token.get()), auth.seconds("lease_duration"), auth.flag("renewable"))
                : new LoginResult.Refused(method.describe() + " brings no token that can be used");
    }

    private static boolean fitsAHeader(String token) {
        return !token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c < 127);
    }

    private static Reply.Done done(Reply reply, String otherwise) throws RefusedException {
        return switch (reply) {
            case Reply.Done done -> done;
            case Reply.Refused refused ->
                throw new RefusedException(
                        new LoginResult.Refused(otherwise + " (" + refused.status() + ")" + said(refused.words())));
            case Reply.Failed failed -> throw new RefusedException(new LoginResult.Failed(failed.reason()));
            case Reply.Unavailable down -> throw new RefusedException(new LoginResult.Unavailable(down.reason()));
        };
    }

    private static String said(String words) {
        return words.isEmpty() ? "" : ": " + Printable.of(words);
    }

    private static String text(Secret secret) {
        return secret.reveal(octets -> new String(octets, StandardCharsets.US_ASCII));
    }

    /** A request did not do what it was for. */
    private static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient LoginResult result;

        RefusedException(LoginResult result) {
            super(null, null, false, false);
            this.result = result;
        }
    }
}
