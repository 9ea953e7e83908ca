// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.postern.peer.CertificateVariant;
import org.postern.peer.MailPeer;
import org.postern.peer.TestAuthority;

/** A relay as a process, its spool on the disk, and a vault beside it that an operator changes by verbs. */
final class RelayWithVault implements AutoCloseable {

    private final Path folder;
    private final TestAuthority authority = TestAuthority.create();
    private RelayProcess process;

    RelayWithVault(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        authority.writeRootPem(folder.resolve("ca.pem"));
        Verb.run("", "vault", "init", "--file", vault(), "--key-file", key());
    }

    /** What a server that the relay trusts shows, for {@code localhost}. */
    SSLContext tlsServer() {
        return authority.issue(CertificateVariant.GOOD).serverContext();
    }

    /** A peer that takes nothing without TLS and a login. */
    MailPeer peer(String user, String password) throws IOException {
        return MailPeer.builder()
                .startTls(authority.issue(CertificateVariant.GOOD))
                .requireTls()
                .mechanisms("PLAIN")
                .requireAuth()
                .account(user, password)
                .start();
    }

    /** Puts a password into the vault, or another one in its place. */
    void store(String entry, String user, String password) throws IOException, InterruptedException {
        Verb.run(password + "\n", "vault", "set", entry, "--user", user, "--file", vault(), "--key-file", key());
    }

    private String vault() {
        return folder.resolve("vault.kdbx").toString();
    }

    private String key() {
        return folder.resolve("vault.key").toString();
    }

    /** Starts it on this configuration, beside listener, spool and vault. */
    RelayProcess start(String... lines) throws IOException {
        Path configuration = folder.resolve("postern.conf");
        Files.writeString(configuration, """
                ESMTP_Listener { Listen "127.0.0.1:0" {} }
                Spool_Local { }
                TLS_CA = "ca.pem"
                Credential_Vault { File = "vault.kdbx" Key_File = "vault.key" }
                """ + String.join("\n", lines) + "\n");
        process = RelayProcess.start(configuration).ready();
        return process;
    }

    /** A domain whose mail goes to this peer by an entry of the vault. */
    static String destination(String domain, MailPeer peer, String entry) {
        return "Domain \"" + domain + "\" { Routes = ( \"smtp://localhost:" + peer.port()
                + "\" ) TLS = \"required\" TLS_Verify = \"host\" Outbound_SMTP_AUTH_Key = \"" + entry + "\" }";
    }

    /** Asks the relay a verb. */
    String ask(String verb, String... arguments) throws IOException, InterruptedException {
        List<String> line = new java.util.ArrayList<>(List.of(verb, "--instance", state().toString()));
        line.addAll(List.of(arguments));
        return Verb.run("", line.toArray(String[]::new));
    }

    /** Its state directory. */
    Path state() {
        return folder.resolve("state");
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
