// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.file.VaultFile;
import org.postern.credential.vault.kdbx.ClearXml;
import org.postern.credential.vault.kdbx.UnreadableVaultException;

/** Writes the whole vault in clear, for another tool. */
final class ExportVerb implements Verb {

    private static final String REVEAL = "--reveal";
    private static final String TO = "--to";

    @Override
    public Set<String> valued() {
        return Set.of(TO);
    }

    @Override
    public Set<String> flags() {
        return Set.of(REVEAL);
    }

    @Override
    public String help() {
        return """
                Usage: postern vault export --reveal [--to FILE]

                Writes the vault as KeePass XML, which KeePassXC imports, and "postern vault import" too. EVERY SECRET IS
                IN IT IN CLEAR, those of the history as well: delete it when it has done its work.

                  --reveal               say that you know so
                  --to FILE              a file that must not be there, made for you alone (default: standard output)
                %s""".formatted(VaultChoice.HELP);
    }

    @Override
    public void run(Call call) throws UsageException, IOException {
        call.arguments().noOperands();
        if (!call.arguments().has(REVEAL)) {
            throw new UsageException("an export holds every secret in clear: say --reveal if that is meant");
        }
        Optional<Path> to = call.arguments().one(TO).map(Path::of);
        byte[] xml = call.vault().read(document -> {
            try {
                return ClearXml.write(document.root());
            } catch (UnreadableVaultException binary) {
                throw binary.of(call.vault().path(), "XML");
            }
        });
        try {
            if (to.isPresent()) {
                VaultFile.createPrivateFile(to.get(), xml);
                call.err()
                        .println("Written to " + to.get()
                                + ", every secret in clear: delete it when it has done its work.");
            } else {
                call.out().write(xml, 0, xml.length);
                call.out().flush();
            }
        } finally {
            Arrays.fill(xml, (byte) 0);
        }
    }
}
