// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.postern.credential.jdbc.database.DatabaseUrl;
import org.postern.spi.settings.StanzaCheck;

/** Reads the options of a stanza and looks for its files, without asking the database. */
@Component
public final class AccountCheck implements StanzaCheck {

    @Override
    public String pid() {
        return AccountOptions.PID;
    }

    @Override
    public List<Finding> check(Map<String, ?> properties) {
        AccountOptions options;
        try {
            options = AccountOptions.read(properties);
        } catch (IllegalArgumentException wrong) {
            return List.of(new Finding(true, "", wrong.getMessage()));
        }
        List<Finding> findings = new ArrayList<>();
        if (options.place() instanceof AccountOptions.Place.Url(DatabaseUrl url)) {
            switch (url) {
                case DatabaseUrl.Sqlite(Path file) -> lookFor(file, findings);
                case DatabaseUrl.Server server -> {
                    if (server.isExposed()) {
                        findings.add(new Finding(false, "", AccountOptions.URL + " " + server.exposure()));
                    }
                }
            }
        }
        if (options.password() instanceof AccountOptions.PasswordPlace.InFile(Path file)) {
            lookFor(file, findings);
        }
        return findings;
    }

    // A warning only: what is mounted may come later than the configuration.
    private static void lookFor(Path file, List<Finding> findings) {
        if (!Files.isRegularFile(file)) {
            findings.add(new Finding(false, file.toString(), "there is no such file"));
        }
    }
}
