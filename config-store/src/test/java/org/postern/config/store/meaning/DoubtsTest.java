// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.store.Folder;

class DoubtsTest {

    private static final String TWO_PASSWORDS =
            "Domain a { Outbound_SMTP_AUTH_Pass = x } Domain b { Outbound_SMTP_AUTH_Pass = y }";

    @TempDir
    Path directory;

    private Folder folder;

    @BeforeEach
    void open() {
        folder = new Folder(directory);
    }

    private void permit(String name, String permissions) throws IOException {
        Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString(permissions));
    }

    @Test
    void warnsOncePerFileOfPasswordsInClear() throws IOException {
        folder.write("postern.conf", TWO_PASSWORDS + "\ninclude more.conf");
        folder.write("more.conf", TWO_PASSWORDS.replace("Domain", "Binding"));
        permit("postern.conf", "rw-------");
        permit("more.conf", "rw-------");
        assertThat(folder.problems(folder.load()))
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem)
                        .contains("warning: this file holds passwords in clear (keep them in the vault"));
    }

    @Test
    void warnsLouderWhereOthersCanReadThem() throws IOException {
        folder.write("postern.conf", TWO_PASSWORDS);
        for (String permissions : new String[] {"rw-r-----", "rw----r--"}) {
            permit("postern.conf", permissions);
            assertThat(folder.problems(folder.load()))
                    .singleElement()
                    .asString()
                    .contains("DANGER")
                    .contains("chmod 600");
        }
    }

    @Test
    void saysNothingOfPasswordsThatAreCancelled() {
        assertThat(folder.problemsOf("Outbound_SMTP_AUTH_Pass = \"\"")).isEmpty();
    }

    @Test
    void saysNothingOfReferencesToStores() {
        assertThat(folder.problemsOf("Outbound_SMTP_AUTH_Pass = \"vault:relay\"\n"
                        + "Domain d { Credential_Stores = ( \"own\" ) Outbound_SMTP_AUTH_Pass = \"own:relay\" }"))
                .isEmpty();
        assertThat(folder.problemsOf("Outbound_SMTP_AUTH_Pass = \"own:relay\""))
                .singleElement()
                .asString()
                .contains("passwords in clear");
    }

    @Test
    void warnsOfUserAndPasswordFromDifferentScopes() {
        assertThat(
                        folder.problemsOf(
                                "Outbound_SMTP_AUTH_User = u\nOutbound_SMTP_AUTH_Pass = p\nDomain d { Outbound_SMTP_AUTH_Pass = q }"))
                .anyMatch(problem ->
                        problem.contains("postern.conf:3:12: warning: Outbound_SMTP_AUTH_Pass of domain d goes"
                                + " together with Outbound_SMTP_AUTH_User of global, at"));
        assertThat(
                        folder.problemsOf(
                                "Binding_Group g { Outbound_SMTP_AUTH_Pass = p Binding b { Domain d { Outbound_SMTP_AUTH_User = u } } }"))
                .anyMatch(problem -> problem.contains("User of binding_group g binding b domain d goes together with"));
    }

    @Test
    void acceptsUserAndPasswordOfOneScopeAndKeys() {
        assertThat(folder.problemsOf("Outbound_SMTP_AUTH_User = u Domain d { Outbound_SMTP_AUTH_Key = k }"))
                .isEmpty();
        assertThat(folder.problemsOf("Outbound_SMTP_AUTH_User = u Outbound_SMTP_AUTH_Pass = p"
                        + " Domain d { Outbound_SMTP_AUTH_User = v Outbound_SMTP_AUTH_Pass = q }"))
                .noneMatch(problem -> problem.contains("together"));
        assertThat(folder.problemsOf("Outbound_SMTP_AUTH_Pass = p"
                        + " Domain d { Outbound_SMTP_AUTH_User = v Outbound_SMTP_AUTH_Pass = false }"))
                .noneMatch(problem -> problem.contains("together"));
    }

    @Test
    void warnsOfAuthenticationBesideAGateway() {
        assertThat(folder.problemsOf("Domain d { Gateway = \"relay.example.net\" Outbound_SMTP_AUTH_User = u }"))
                .singleElement()
                .asString()
                .startsWith("postern.conf:1:42: warning: ")
                .contains("Domain \"relay.example.net\"");
        assertThat(folder.problemsOf("Binding b { Gateway = x Outbound_SMTP_AUTH_User = u }"))
                .isEmpty();
        assertThat(folder.problemsOf("Domain d { Gateway = x } Domain x { Outbound_SMTP_AUTH_User = u }"))
                .isEmpty();
    }
}
