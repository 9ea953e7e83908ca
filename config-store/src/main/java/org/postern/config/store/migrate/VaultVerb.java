// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.postern.config.store.migrate.Inventory.Account;
import org.postern.spi.command.OperatorCommand;

/** Makes a vault through the verb that makes vaults; accounts travel as KeePass XML, in memory only. */
final class VaultVerb {

    /** The vault's file name. */
    static final String VAULT = "vault.kdbx";

    /** Its key file's name. */
    static final String KEY_FILE = "vault.keyx";

    private final OperatorCommand vault;

    /** @param vault the verb {@code vault} */
    VaultVerb(OperatorCommand vault) {
        this.vault = vault;
    }

    /** Makes a vault and its key file in a folder that has none, with these accounts under their keys. */
    void make(Path folder, Map<String, Account> accounts) throws IOException {
        run(folder, "init", InputStream.nullInputStream());
        byte[] xml = xml(accounts);
        try {
            run(folder, "import", new ByteArrayInputStream(xml));
        } finally {
            Arrays.fill(xml, (byte) 0);
        }
    }

    private void run(Path folder, String verb, InputStream in) throws IOException {
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        List<String> arguments = List.of(
                verb,
                "--file",
                folder.resolve(VAULT).toString(),
                "--key-file",
                folder.resolve(KEY_FILE).toString());
        int code;
        try (PrintStream out = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
                PrintStream err = new PrintStream(complaints, true, StandardCharsets.UTF_8)) {
            code = vault.run(arguments, in, out, err);
        }
        if (code != 0) {
            throw new IOException("the vault was not made: "
                    + complaints.toString(StandardCharsets.UTF_8).strip());
        }
    }

    private static byte[] xml(Map<String, Account> accounts) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try {
            XMLStreamWriter xml =
                    XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(octets, StandardCharsets.UTF_8.name());
            xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
            xml.writeStartElement("KeePassFile");
            xml.writeStartElement("Root");
            xml.writeStartElement("Group");
            for (Map.Entry<String, Account> entry : accounts.entrySet()) {
                xml.writeStartElement("Entry");
                string(xml, "Title", entry.getKey(), false);
                string(xml, "UserName", entry.getValue().user(), false);
                String password =
                        entry.getValue().password().reveal(clear -> new String(clear, StandardCharsets.UTF_8));
                string(xml, "Password", password, true);
                xml.writeEndElement();
            }
            xml.writeEndDocument();
            xml.close();
            return octets.toByteArray();
        } catch (XMLStreamException impossible) {
            throw new IOException("the accounts cannot be written as XML");
        }
    }

    private static void string(XMLStreamWriter xml, String key, String value, boolean secret)
            throws XMLStreamException {
        xml.writeStartElement("String");
        xml.writeStartElement("Key");
        xml.writeCharacters(key);
        xml.writeEndElement();
        xml.writeStartElement("Value");
        if (secret) {
            xml.writeAttribute("ProtectInMemory", "True");
        }
        xml.writeCharacters(value);
        xml.writeEndElement();
        xml.writeEndElement();
    }
}
