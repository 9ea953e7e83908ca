// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.cluster.FakeRegisters;
import org.postern.engine.dto.CredentialView;
import org.postern.peer.MailPeer;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.policy.OutboundAuthSettings;

/** Two relays that share registers, each with a store that counts its versions by itself, and a peer that counts logins. */
@Timeout(60)
class BreakersAmongRelaysTest {

    private static final String TEXT = "Subject: x\r\n\r\nHello.\r\n";
    private static final int MESSAGES = 10;

    private final FakeRegisters registers = new FakeRegisters(InstantSource.system());
    private EngineRig here;
    private EngineRig there;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        peer = EngineRig.peerForAlice().start();
        here = relay("a wrong password");
        there = relay("another one", "and another", "a wrong password");
    }

    @AfterEach
    void stop() {
        here.close();
        there.close();
        peer.close();
    }

    /** @param passwords what its store has held, the last one now */
    private EngineRig relay(String... passwords) throws IOException {
        EngineRig rig = new EngineRig(Optional.of(registers)).withPlain();
        EngineRig.Store store = new EngineRig.Store();
        for (String password : passwords) {
            store.put("relay", "alice", password);
        }
        rig.engine.storeArrived(store, 0, 7);
        rig.configure()
                .route("a.example", peer.port())
                .domain("a.example", OutboundAuthSettings.KEY, "relay")
                .apply();
        return rig;
    }

    private static CredentialView credential(EngineRig rig) {
        List<CredentialView> all = rig.engine.runtime().credentials();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    @Test
    void aWrongPasswordCostsOneLoginAndWhatIsMendedForOneIsMendedForBoth() throws Exception {
        for (int i = 0; i < MESSAGES; i++) {
            here.submit("s@example.org", TEXT, "x@a.example");
            there.submit("s@example.org", TEXT, "x@a.example");
        }
        for (EngineRig rig : List.of(here, there)) {
            eventually(() -> rig.outcomes(Held.class).size() >= MESSAGES);
            assertThat(credential(rig).state()).isEqualTo("refused");
        }
        assertThat(peer.failedLogins()).isOne();
        assertThat(credential(here).version()).isEqualTo(credential(there).version());

        peer.account("alice", "a wrong password");
        here.engine.runtime().retry("relay");
        eventually(() -> peer.messageCount() == 2 * MESSAGES);
        assertThat(peer.failedLogins()).isOne();
        assertThat(credential(there).state()).isEqualTo("well");
    }
}
