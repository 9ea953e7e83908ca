// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;

class LoginsTest {

    @TempDir
    Path folder;

    private record FakeStore(String name, Supplier<Lookup> answer) implements CredentialStore {

        @Override
        public Lookup lookup(CredentialRef ref) {
            return ref.key().equals("database") ? answer.get() : new Lookup.NoSuchCredential("no " + ref);
        }
    }

    private static Lookup password(String user, String password) {
        return new Lookup.Found(new PasswordCredential(
                user, Secret.of(password), new CredentialVersion("1"), Optional.empty(), Set.of()));
    }

    private Login login(String uri, Optional<String> key, Optional<Path> file, CredentialStore... stores)
            throws DatasourceException {
        DatasourceOptions options = new DatasourceOptions(folder, 1, Duration.ZERO, Optional.empty(), true, key, file);
        return new Logins((DatasourceUri.Server) DatasourceUri.read(uri, folder), options, () -> List.of(stores))
                .login();
    }

    @Test
    void takesWhatTheUriSays() throws Exception {
        assertThat(login("pgsql:dbname=a user=u password=p", Optional.empty(), Optional.empty()))
                .isEqualTo(new Login(Optional.of("u"), Optional.of(Secret.of("p"))));
        assertThat(login("pgsql:dbname=a", Optional.empty(), Optional.empty()))
                .isEqualTo(new Login(Optional.empty(), Optional.empty()));
    }

    @Test
    void takesTheFirstLineOfAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "p w\nnext\n");
        assertThat(login("pgsql:dbname=a user=u", Optional.empty(), Optional.of(file)))
                .isEqualTo(new Login(Optional.of("u"), Optional.of(Secret.of("p w"))));
        assertThatThrownBy(
                        () -> login("pgsql:dbname=a user=u", Optional.empty(), Optional.of(folder.resolve("absent"))))
                .isInstanceOf(DatasourceException.class)
                .hasMessageContaining("Password_File");
    }

    @Test
    void asksTheStoresInTurn() throws Exception {
        CredentialStore without = new FakeStore("one", () -> new Lookup.NoSuchCredential("not here"));
        CredentialStore with = new FakeStore("two", () -> password("stored", "p"));
        assertThat(login("pgsql:dbname=a", Optional.of("database"), Optional.empty(), without, with))
                .isEqualTo(new Login(Optional.of("stored"), Optional.of(Secret.of("p"))));
        assertThat(login("pgsql:dbname=a user=own", Optional.of("database"), Optional.empty(), with)
                        .user())
                .contains("own");
    }

    @Test
    void saysWhyTheStoresDoNotHelp() {
        CredentialStore down = new FakeStore("vault", () -> new Lookup.StoreUnavailable("it is sealed"));
        CredentialStore token = new FakeStore(
                "tokens",
                () -> new Lookup.Found(new BearerToken(
                        "u", Secret.of("s3cret"), new CredentialVersion("1"), Optional.empty(), Set.of())));
        assertThatThrownBy(() -> login("pgsql:dbname=a", Optional.of("database"), Optional.empty()))
                .hasMessageContaining("no credential store is installed");
        assertThatThrownBy(() -> login("pgsql:dbname=a", Optional.of("database"), Optional.empty(), down))
                .hasMessage("Password_Key database: vault: it is sealed");
        assertThatThrownBy(() -> login("pgsql:dbname=a", Optional.of("database"), Optional.empty(), token))
                .hasMessageContaining("not a password")
                .hasMessageNotContaining("s3cret");
    }
}
