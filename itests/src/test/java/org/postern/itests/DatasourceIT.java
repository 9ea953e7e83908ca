// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.postern.itests.Instance.eventually;
import static org.postern.itests.Instance.route;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.postern.peer.MailPeer;

/** A hook that takes the account from a database, in the container that ships. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DatasourceIT {

    private static final String SCRIPT = """
            require("msys.core"); require("msys.db"); require("msys.datasource");
            local mod = {};
            function mod:outbound_smtp_auth_config(msg, ac, vctx)
              local rotated = msg:header("X-Rotated-To")[1];
              msys.db.execute("rotation", "CREATE TABLE IF NOT EXISTS relay_creds "
                .. "(auth_key TEXT PRIMARY KEY, mech TEXT, login TEXT, secret TEXT)");
              if rotated ~= nil then
                msys.db.execute("rotation", "INSERT OR REPLACE INTO relay_creds VALUES (?, 'PLAIN', 'alice', ?)",
                  { "k", rotated });
              end
              local row = msys.db.fetch_row("smtp_creds",
                "SELECT mech, login, secret FROM relay_creds WHERE auth_key = ?", { "k" });
              msg:context_set(VCTX_MESS, "outbound_smtp_auth_type", row.mech);
              msg:context_set(VCTX_MESS, "outbound_smtp_auth_user", row.login);
              msg:context_set(VCTX_MESS, "outbound_smtp_auth_pass", row.secret);
            end
            msys.registerModule("db_auth", mod);
            """;

    @Inject
    private BundleContext context;

    @Configuration
    public Option[] container() {
        return Assembly.shipped();
    }

    @Test
    public void aRefusedLoginHasTheNextOneFetchedAnew() throws Exception {
        Instance instance = new Instance(context);
        Files.writeString(instance.directory().resolve("db_auth.lua"), SCRIPT);
        Files.createFile(instance.directory().resolve("creds.db"));
        try (MailPeer peer = instance.peer("PLAIN", "alice", "new;'\"pass")) {
            instance.configure(route("db.example", peer) + """
                    Datasource "rotation" { uri = "sqlite:creds.db" }
                    Datasource "smtp_creds" {
                      uri = ( "sqlite:creds.db" "pgsql:host=127.0.0.1;port=1;dbname=a;user=u;password=c4nary" )
                    }
                    scriptlet "scriptlet" { script "db_auth" { source = "db_auth" } }
                    """);
            instance.send("s@example.org", "x@db.example", "X-Rotated-To: old\r\n\r\nfirst\r\n");
            eventually(() -> instance.reasons().contains("refused AUTH: 535"));
            assertEquals(1, peer.failedLogins());

            instance.send("s@example.org", "y@db.example", "X-Rotated-To: new;'\"pass\r\n\r\nsecond\r\n");

            eventually(() -> peer.messageCount() >= 1);
            assertEquals(Optional.of("alice"), peer.messages().getFirst().user());
            assertEquals(1, peer.failedLogins());
            assertTrue(nowhereBelow(instance.directory(), "c4nary"));
        }
    }

    /** The file that the operator wrote aside, a secret must be in no file: not in the container's cache either. */
    private static boolean nowhereBelow(Path folder, String secret) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("postern.conf"))
                    .noneMatch(file -> contains(file, secret));
        }
    }

    private static boolean contains(Path file, String secret) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(secret);
        } catch (IOException gone) {
            return false;
        }
    }
}
