// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.postern.spi.command.OperatorCommand;
import org.postern.testkit.OperatorCommandContract;

/** What every command promises, for the vault. */
class VaultCommandContractTest implements OperatorCommandContract {

    private final VaultCommand command = new VaultCommand(InstantSource.system(), Map.of());

    @Override
    public OperatorCommand command() {
        return command;
    }

    @Override
    public List<List<String>> wrongArguments() {
        return List.of(List.of("--no-such-option"), List.of("bury"));
    }
}
