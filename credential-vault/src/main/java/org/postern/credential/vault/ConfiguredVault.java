// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import java.util.Optional;
import org.postern.credential.vault.file.VaultFile;

/** Tells this bundle's command which vault the configuration names. A service within the bundle. */
public interface ConfiguredVault {

    /** The vault; nothing where the stanza is wrong. */
    Optional<VaultFile> vaultFile();
}
