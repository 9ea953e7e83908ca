// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslPrep;
import org.postern.spi.sasl.SaslStep;

/** One run of SCRAM (RFC 5802 section 3): two messages each, the last of which proves the server. */
final class ScramExchange implements SaslExchange {

    private static final byte[] CLIENT_KEY = "Client Key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SERVER_KEY = "Server Key".getBytes(StandardCharsets.US_ASCII);

    /** RFC 5802 section 7, {@code server-error-value}: what can only be said to a client that somebody has lied to. */
    private static final Set<String> BINDING_ERRORS = Set.of(
            "server-does-support-channel-binding",
            "channel-bindings-dont-match",
            "channel-binding-not-supported",
            "unsupported-channel-binding-type");

    /** The rest of them, the only ones that are repeated in a report. */
    private static final Set<String> OTHER_ERRORS = Set.of(
            "invalid-encoding",
            "extensions-not-supported",
            "invalid-proof",
            "unknown-user",
            "invalid-username-encoding",
            "no-resources",
            "other-error");

    private enum Stage {
        FIRST_SENT,
        FINAL_SENT,
        REFUSED,
        PROVEN,
        OVER
    }

    private final Hash hash;
    private final Gs2Header header;
    private final String clientFirstBare;
    private final String clientNonce;
    private final PasswordCredential account;
    private final SaltedPasswords passwords;
    private Stage stage = Stage.FIRST_SENT;
    private byte[] serverSignature = {};
    private Optional<String> serverError = Optional.empty();

    /** @param user prepared and escaped */
    ScramExchange(
            Hash hash,
            Gs2Header header,
            String user,
            String clientNonce,
            PasswordCredential account,
            SaltedPasswords passwords) {
        this.hash = hash;
        this.header = header;
        this.clientNonce = clientNonce;
        this.clientFirstBare = "n=" + user + ",r=" + clientNonce;
        this.account = account;
        this.passwords = passwords;
    }

    @Override
    public Optional<Octets> initialResponse() {
        return Optional.of(Octets.utf8(header.text() + clientFirstBare));
    }

    @Override
    public SaslStep respond(Octets challenge) {
        try {
            return switch (stage) {
                case FIRST_SENT -> isError(challenge) ? judge(challenge) : clientFinal(challenge);
                case FINAL_SENT -> judge(challenge);
                case REFUSED, PROVEN, OVER -> throw new ScramFailure("the peer asked for more after its last message");
            };
        } catch (ScramFailure failure) {
            stage = Stage.OVER;
            return new SaslStep.Abort(failure.getMessage());
        }
    }

    /** Some servers do not wait for the proof before they say that there will be no success. */
    private static boolean isError(Octets challenge) {
        return challenge.toUtf8().startsWith("e=");
    }

    private SaslStep clientFinal(Octets challenge) throws ScramFailure {
        ServerFirst first = ServerFirst.read(challenge, clientNonce);
        String withoutProof = "c=" + base64(header.bound()) + ",r=" + first.nonce();
        byte[] authMessage =
                (clientFirstBare + "," + first.message() + "," + withoutProof).getBytes(StandardCharsets.UTF_8);
        byte[] salted = salted(first);
        byte[] clientKey = hash.hmac(salted, CLIENT_KEY);
        byte[] serverKey = hash.hmac(salted, SERVER_KEY);
        try {
            byte[] proof = hash.hmac(hash.digest(clientKey), authMessage);
            for (int i = 0; i < proof.length; i++) {
                proof[i] ^= clientKey[i];
            }
            serverSignature = hash.hmac(serverKey, authMessage);
            stage = Stage.FINAL_SENT;
            return new SaslStep.Respond(Octets.utf8(withoutProof + ",p=" + base64(proof)));
        } finally {
            Arrays.fill(salted, (byte) 0);
            Arrays.fill(clientKey, (byte) 0);
            Arrays.fill(serverKey, (byte) 0);
        }
    }

    private byte[] salted(ServerFirst first) throws ScramFailure {
        byte[] password = account.password().reveal(octets -> SaslPrep.prepared(octets, "password"));
        try {
            return passwords.get(hash, password, first.salt(), first.iterations());
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private SaslStep judge(Octets challenge) throws ScramFailure {
        Attributes last = Attributes.of(challenge, "the peer's last message");
        if (isError(challenge)) {
            return refused(last.next('e'));
        }
        byte[] signature = last.nextOctets('v');
        last.restKnowsNothingOf("rsiev");
        if (!MessageDigest.isEqual(signature, serverSignature)) {
            throw new ScramFailure("the peer could not prove that it knows the password; it may be somebody else");
        }
        stage = Stage.PROVEN;
        return new SaslStep.Respond(Octets.EMPTY);
    }

    /** The peer's verdict follows as a reply, which has to be heard: it says whether the password is wrong. */
    private SaslStep refused(String error) throws ScramFailure {
        if (BINDING_ERRORS.contains(error)) {
            throw new ScramFailure(
                    "the peer says " + error + ": somebody may be in between, or its TLS ends on another machine");
        }
        stage = Stage.REFUSED;
        serverError = Optional.of(error).filter(OTHER_ERRORS::contains);
        return new SaslStep.Respond(Octets.EMPTY);
    }

    @Override
    public SaslStep conclude() {
        return switch (stage) {
            case PROVEN -> new SaslStep.Complete();
            case REFUSED -> new SaslStep.Abort("the peer reported success after it had reported an error");
            case FIRST_SENT, FINAL_SENT, OVER ->
                new SaslStep.Abort("the peer reported success without proving that it knows the password");
        };
    }

    @Override
    public Optional<String> detail() {
        return serverError;
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    @Override
    public void close() {
        Arrays.fill(serverSignature, (byte) 0);
        stage = Stage.OVER;
    }
}
