// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The files of a demonstration, in a directory of their own.
 *
 * @param directory where they are
 */
record DemoFiles(Path directory) {

    private static final String EXAMPLE = "example-14.79.conf";
    private static final String WITHOUT_PASSWORDS = "example-14.79-vault.conf";

    /** Makes the directory and puts the example into it as it is printed. */
    static DemoFiles create() throws IOException {
        DemoFiles files = new DemoFiles(Files.createTempDirectory("postern-demo-"));
        files.writePrivate(EXAMPLE, example());
        return files;
    }

    private static String example() throws IOException {
        try (InputStream in = DemoFiles.class.getResourceAsStream(EXAMPLE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    Path configuration() {
        return directory.resolve("postern.conf");
    }

    Path state() {
        return directory.resolve("state");
    }

    Path authority() {
        return directory.resolve("ca.pem");
    }

    Path vault() {
        return directory.resolve("vault.kdbx");
    }

    Path vaultKey() {
        return directory.resolve("vault.keyx");
    }

    Path transcript() {
        return directory.resolve("transcript.txt");
    }

    Path log() {
        return directory.resolve("postern.log");
    }

    /** The configuration with the example as it is. */
    void configureFromFile(DemoPeers peers) throws IOException {
        writeConfiguration(EXAMPLE, peers, "");
    }

    /** The configuration with a vault beside the example's passwords, which still win. */
    void configureWithVault(DemoPeers peers) throws IOException {
        writeConfiguration(EXAMPLE, peers, vaultStanza());
    }

    /** The configuration in which the passwords are no more: the keys lead to the vault. */
    void configureWithoutPasswords(DemoPeers peers) throws IOException {
        String kept = example().replaceAll("(?m)^ *Outbound_SMTP_AUTH_(?i:pass|user) .*\\R", "");
        writePrivate(WITHOUT_PASSWORDS, kept);
        writeConfiguration(WITHOUT_PASSWORDS, peers, vaultStanza());
    }

    private static String vaultStanza() {
        return """

                Credential_Vault {
                  File = "vault.kdbx"
                  Key_File = "vault.keyx"
                }
                """;
    }

    private void writeConfiguration(String included, DemoPeers peers, String more) throws IOException {
        writePrivate(
                "postern.conf",
                """
                # What the demonstration runs on.
                include "%s"

                Domain "messagesystems.com" {
                  Routes = ( "smtp://localhost:%d" )
                  TLS = "required"
                  TLS_Verify = "host"
                  TLS_CA = "ca.pem"
                }

                Domain "sparkpost.com" {
                  Routes = ( "smtp://localhost:%d" )
                  TLS = "required"
                  TLS_Verify = "host"
                  TLS_CA = "ca.pem"
                }

                # Sessions end after a few messages, so that there are logins before, during and after each swap.
                Max_Deliveries_Per_Connection = 10

                Transcript_File = "transcript.txt"

                ESMTP_Listener {
                  Listen "127.0.0.1:0" { }
                }

                Spool_Local { }
                """.formatted(
                                        included,
                                        peers.messageSystems().port(),
                                        peers.sparkpost().port())
                        + more);
    }

    /** Whole or not at all, because the relay looks at the file every second. */
    private void writePrivate(String name, String text) throws IOException {
        Path fresh = Files.createTempFile(
                directory,
                name,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text);
        Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
