// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.TlsEvidence;
import org.postern.testkit.FixedSaslContext;
import org.postern.testkit.SaslMechanismContract;

/** What every mechanism promises, for all six. */
class ScramContractTest {

    private static final String NONCE = "Zm9yIHRoZSBjb250cmFjdCBvbmx5";
    private static final Octets BINDING = Octets.utf8("0123456789abcdef0123456789abcdef");

    /** One of the six, with a nonce that is known, so that the server's side can be written down. */
    private abstract static class Contract implements SaslMechanismContract {

        private final Hash hash;
        private final boolean binds;
        private final SaslMechanism mechanism;

        Contract(Hash hash, boolean binds, Function<Scram, SaslMechanism> make) {
            this.hash = hash;
            this.binds = binds;
            SaltedPasswords passwords = new SaltedPasswords();
            Scram scram = binds ? Scram.bound(hash, passwords) : Scram.unbound(hash, passwords);
            this.mechanism = make.apply(scram.withNonces(() -> NONCE));
        }

        @Override
        public SaslMechanism mechanism() {
            return mechanism;
        }

        @Override
        public SaslContext context() {
            TlsEvidence tls = new TlsEvidence(
                    "TLSv1.3",
                    "TLS_AES_128_GCM_SHA256",
                    List.of(),
                    true,
                    "trusted",
                    List.of(),
                    binds ? Map.of(TlsEvidence.TLS_EXPORTER, BINDING) : Map.of());
            return FixedSaslContext.plain().under(tls);
        }

        @Override
        public List<Octets> challenges() {
            Server server = new Server(hash, "user", "secret-1", NONCE);
            String header = binds ? "p=tls-exporter,," : "n,,";
            return List.of(server.first(), server.last(header, binds ? BINDING : Octets.EMPTY));
        }

        @Override
        public List<Credential> inexpressible() {
            return List.of(
                    credential("user", Secret.of("half of\0a password")),
                    credential("us\0er", Secret.of("a password")),
                    credential("user", Secret.of("bell\u0007 in a password")),
                    credential("user", Secret.copyOf(new byte[] {'n', 'o', ' ', 't', 'e', 'x', 't', (byte) 0xff})),
                    credential("user", Secret.of("")),
                    credential("", Secret.of("a password")));
        }
    }

    @Nested
    class Sha1 extends Contract {
        Sha1() {
            super(Hash.SHA_1, false, ScramSha1::new);
        }
    }

    @Nested
    class Sha256 extends Contract {
        Sha256() {
            super(Hash.SHA_256, false, ScramSha256::new);
        }
    }

    @Nested
    class Sha512 extends Contract {
        Sha512() {
            super(Hash.SHA_512, false, ScramSha512::new);
        }
    }

    @Nested
    class Sha1Plus extends Contract {
        Sha1Plus() {
            super(Hash.SHA_1, true, ScramSha1Plus::new);
        }
    }

    @Nested
    class Sha256Plus extends Contract {
        Sha256Plus() {
            super(Hash.SHA_256, true, ScramSha256Plus::new);
        }
    }

    @Nested
    class Sha512Plus extends Contract {
        Sha512Plus() {
            super(Hash.SHA_512, true, ScramSha512Plus::new);
        }
    }
}
