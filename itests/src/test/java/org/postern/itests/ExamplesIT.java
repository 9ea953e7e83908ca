// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.peer.Accounts;
import org.postern.peer.MailPeer;
import org.postern.peer.ServerMechanism;

/** The pages of the examples: every command in them is run, in a checkout, against a server. */
@Timeout(300)
class ExamplesIT {

    @TempDir
    private Path folder;

    private void follow(String example, MailPeer peer) throws Exception {
        Path checkout = Shell.checkout();
        Shell shell = new Shell(checkout, folder)
                .with("PEER", "localhost:" + peer.port())
                .with("PORT", unusedPort());
        Shell.Ended ended = shell.run(new Readme(checkout.resolve("examples/" + example + "/README.md")).script());
        assertThat(ended.code()).as(ended.printed()).isZero();
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Takes everybody who says who he is. */
    private record Anonymous() implements ServerMechanism {

        @Override
        public String name() {
            return "ANONYMOUS";
        }

        @Override
        public Exchange begin(Accounts accounts) {
            return response -> response.<Verdict>map(
                            trace -> new Verdict.Granted(new String(trace, StandardCharsets.UTF_8)))
                    .orElse(new Verdict.Challenge(new byte[0]));
        }
    }

    @Test
    void theMechanismAuthenticatesAsItsPageSays() throws Exception {
        try (MailPeer peer =
                MailPeer.builder().mechanism(new Anonymous()).requireAuth().start()) {
            follow("mechanism-anonymous", peer);
            assertThat(peer.messages())
                    .singleElement()
                    .satisfies(message -> assertThat(message.user()).hasValue("trace@example.com"));
        }
    }

    @Test
    void theStoreServesAsItsPageSays() throws Exception {
        try (MailPeer peer = MailPeer.builder()
                .mechanisms("PLAIN")
                .requireAuth()
                .account("alice", "wonderland")
                .start()) {
            follow("store-environment", peer);
            assertThat(peer.messages())
                    .singleElement()
                    .satisfies(message -> assertThat(message.user()).hasValue("alice"));
        }
    }

    @Test
    void theHookChoosesAsItsPageSays() throws Exception {
        try (MailPeer peer = MailPeer.builder()
                .mechanisms("PLAIN")
                .requireAuth()
                .account("acme", "anvil")
                .account("globex", "hammock")
                .start()) {
            follow("hook-by-header", peer);
            assertThat(peer.messages())
                    .extracting(message -> message.user().orElse("nobody"))
                    .containsExactly("acme", "globex");
        }
    }
}
