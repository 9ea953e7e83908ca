// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.postern.peer.CertificateVariant;
import org.postern.peer.MailPeer;
import org.postern.peer.TestAuthority;

/**
 * The two peers: each takes mail only under TLS and from an account of its own, one by LOGIN, one by PLAIN.
 *
 * @param messageSystems the peer of messagesystems.com
 * @param sparkpost the peer of sparkpost.com
 * @param sparkpostAccounts what the latter lets in
 * @param ledgers what each is owed, in this order
 */
record DemoPeers(MailPeer messageSystems, MailPeer sparkpost, Changeover sparkpostAccounts, List<Ledger> ledgers)
        implements AutoCloseable {

    /** Starts both, and writes the authority that signed their certificates to a file. */
    static DemoPeers start(Path authorityFile) throws IOException {
        TestAuthority authority = TestAuthority.create();
        authority.writeRootPem(authorityFile);
        Correspondent login = Correspondent.MESSAGE_SYSTEMS;
        Correspondent plain = Correspondent.SPARKPOST;
        Ledger loginLedger = new Ledger(login);
        Ledger plainLedger = new Ledger(plain);
        Changeover accounts = new Changeover(plain.user(), plain.firstPassword());
        MailPeer first = secured(authority, login, loginLedger)
                .mechanisms("LOGIN")
                .account(login.user(), login.firstPassword())
                .start();
        try {
            MailPeer second =
                    secured(authority, plain, plainLedger).mechanism(accounts).start();
            return new DemoPeers(first, second, accounts, List.of(loginLedger, plainLedger));
        } catch (IOException | RuntimeException e) {
            first.close();
            throw e;
        }
    }

    private static MailPeer.Builder secured(TestAuthority authority, Correspondent correspondent, Ledger ledger) {
        return MailPeer.builder()
                .name("mx." + correspondent.domain())
                .startTls(authority.issue(CertificateVariant.GOOD))
                .requireTls()
                .requireAuth()
                .handTo(ledger::received);
    }

    /** What the peer of this domain is owed. */
    Ledger ledger(Correspondent correspondent) {
        return ledgers.get(correspondent.equals(Correspondent.MESSAGE_SYSTEMS) ? 0 : 1);
    }

    /** Messages that came to either. */
    int received() {
        return ledgers.stream().mapToInt(Ledger::count).sum();
    }

    @Override
    public void close() {
        messageSystems.close();
        sparkpost.close();
    }
}
