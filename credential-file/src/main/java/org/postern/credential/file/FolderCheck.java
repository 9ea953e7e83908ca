// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.settings.StanzaCheck;

/** Looks for the folders that the stanza names. */
@Component
public final class FolderCheck implements StanzaCheck {

    @Override
    public String pid() {
        return FileConfiguration.PID;
    }

    @Override
    public List<Finding> check(Map<String, ?> properties) {
        try {
            // A warning only: what is mounted may come later, and systemd's folder is there for the service alone.
            return FileConfiguration.read(properties, Map.of(FileConfiguration.SYSTEMD.substring(1), "/")).stream()
                    .filter(SecretFolder::required)
                    .filter(folder -> !Files.isDirectory(folder.path()))
                    .map(folder -> new Finding(false, folder.path().toString(), "there is no such folder"))
                    .toList();
        } catch (IllegalArgumentException wrong) {
            return List.of(new Finding(true, "", wrong.getMessage()));
        }
    }
}
