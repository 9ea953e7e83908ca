// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.credential.jdbc.AccountsFixture.stanza;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.settings.StanzaCheck;
import org.postern.testkit.StanzaCheckContract;

class AccountCheckTest implements StanzaCheckContract {

    @TempDir
    Path folder;

    @Override
    public StanzaCheck check() {
        return new AccountCheck();
    }

    @Override
    public Map<String, ?> right() {
        Map<String, Object> stanza = stanza("one", "jdbc:postgresql://127.0.0.1:1/mail");
        stanza.put("postern.config.directory", folder.toString());
        return stanza;
    }

    @Override
    public Map<String, ?> wrong() {
        return stanza("one", "jdbc:postgresql://127.0.0.1:1/mail", "query", "SELECT :\n key");
    }

    private static List<String> findings(Map<String, Object> stanza) {
        return new AccountCheck().check(stanza).stream().map(Object::toString).toList();
    }

    @Test
    void saysWhatIsWrongWithoutAskingTheDatabase() throws Exception {
        Path file = Files.createFile(folder.resolve("accounts.db"));
        assertThat(findings(stanza("one", "jdbc:sqlite:" + file))).isEmpty();
        assertThat(findings(stanza("one", "jdbc:postgresql://127.0.0.1:1/mail")))
                .isEmpty();
        assertThat(findings(stanza("one", "jdbc:sqlite:" + folder.resolve("mistyped.db"))))
                .containsExactly(folder.resolve("mistyped.db") + ": warning: there is no such file");
        assertThat(findings(stanza(
                        "one",
                        "jdbc:postgresql://db.example/mail",
                        "password_file",
                        folder.resolve("x").toString())))
                .containsExactly(
                        "warning: URL leads to jdbc:postgresql://db.example:5432/mail without proof of who answers: "
                                + "passwords may be read or replaced on their way; set sslmode=verify-full",
                        folder.resolve("x") + ": warning: there is no such file");
        assertThat(findings(stanza("one", "jdbc:mysql://db.example/mail?socketFactory=x")))
                .singleElement()
                .asString()
                .startsWith("error: URL has a property socketFactory that is not taken");
        assertThat(findings(stanza("one", "jdbc:sqlite:" + file, "query", "DROP TABLE accounts")))
                .containsExactly("error: Query is not a SELECT");
        assertThat(new AccountCheck().pid())
                .isEqualTo(AccountOptions.STANZA.pid().orElseThrow());
    }
}
