// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postern.spi.cluster.Register;
import org.postern.spi.credential.Secret;

/** What relays tell one another of the token of an account, in the register of this topic. */
sealed interface SharedFact extends AutoCloseable {

    /** Of these registers. */
    String TOPIC = "oauth-token";

    /** A relay asks the provider. Its register ends with the time that this may take. */
    record Lease() implements SharedFact {}

    /** Nothing, any more: whoever asked has nothing to tell. */
    record Nothing() implements SharedFact {}

    /**
     * There is a token. Its register ends with it.
     *
     * @param token the access token
     * @param life of the whole token, if the provider has stated one
     */
    record Token(Secret token, Optional<Duration> life) implements SharedFact {

        @Override
        public void close() {
            token.close();
        }
    }

    /**
     * The provider refuses.
     *
     * @param code the error code (RFC 6749 section 5.2)
     * @param reason one line for people, without secrets
     * @param secrets names the secrets that it refuses, as {@link org.postern.spi.cluster.SharedRegisters#tag} does
     */
    record Refusal(String code, String reason, String secrets) implements SharedFact {}

    /**
     * The provider is to be left alone until the register ends.
     *
     * @param reason one line for people, without secrets
     */
    record Wait(String reason) implements SharedFact {}

    /** Wipes the token, where there is one. */
    @Override
    default void close() {}

    /** As a register holds it. Whoever gets it wipes it. */
    default byte[] octets() {
        return switch (this) {
            case Lease lease -> Fields.write(List.of(text("lease")));
            case Nothing nothing -> Fields.write(List.of(text("nothing")));
            case Token token -> {
                byte[] life = token.life().map(span -> number(span.toSeconds())).orElse(new byte[0]);
                yield token.token().reveal(clear -> Fields.write(List.of(text("token"), life, clear)));
            }
            case Refusal refusal ->
                Fields.write(List.of(
                        text("refusal"), text(refusal.code()), text(refusal.reason()), text(refusal.secrets())));
            case Wait wait -> Fields.write(List.of(text("wait"), text(wait.reason())));
        };
    }

    /** What a register says; nothing where a later Postern says something that this one does not know. */
    static Optional<SharedFact> in(Register register) {
        byte[] value = register.value();
        try {
            return Fields.read(value).filter(fields -> !fields.isEmpty()).flatMap(SharedFact::of);
        } finally {
            Arrays.fill(value, (byte) 0);
        }
    }

    private static Optional<SharedFact> of(List<byte[]> fields) {
        try {
            return switch (text(fields.get(0)) + " " + fields.size()) {
                case "lease 1" -> Optional.of(new Lease());
                case "nothing 1" -> Optional.of(new Nothing());
                case "token 3" ->
                    Optional.of(new Token(
                            Secret.copyOf(fields.get(2)),
                            fields.get(1).length == Long.BYTES
                                    ? Optional.of(Duration.ofSeconds(
                                            ByteBuffer.wrap(fields.get(1)).getLong()))
                                    : Optional.empty()));
                case "refusal 4" ->
                    Optional.of(new Refusal(text(fields.get(1)), text(fields.get(2)), text(fields.get(3))));
                case "wait 2" -> Optional.of(new Wait(text(fields.get(1))));
                default -> Optional.empty();
            };
        } finally {
            fields.forEach(field -> Arrays.fill(field, (byte) 0));
        }
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }
}
