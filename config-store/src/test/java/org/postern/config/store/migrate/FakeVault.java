// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.postern.spi.command.OperatorCommand;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** The verb {@code vault} as far as a migration uses it, which remembers what it was given. */
public final class FakeVault implements OperatorCommand {

    /** What it holds under one key. */
    public record Entry(String user, String password) {}

    /** What it was given. */
    public final Map<String, Entry> entries = new LinkedHashMap<>();

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        Path vault = Path.of(arguments.get(arguments.indexOf("--file") + 1));
        Path key = Path.of(arguments.get(arguments.indexOf("--key-file") + 1));
        try {
            if (arguments.getFirst().equals("init")) {
                Files.writeString(key, "key");
                Files.writeString(vault, "sealed");
                out.println("made");
                return 0;
            }
            read(DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in));
            return 0;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (ParserConfigurationException | SAXException malformed) {
            err.println("no XML");
            return 1;
        }
    }

    private void read(Document xml) {
        var found = xml.getElementsByTagName("Entry");
        for (int i = 0; i < found.getLength(); i++) {
            Map<String, String> strings = new LinkedHashMap<>();
            var parts = ((Element) found.item(i)).getElementsByTagName("String");
            for (int j = 0; j < parts.getLength(); j++) {
                Element part = (Element) parts.item(j);
                strings.put(text(part, "Key"), text(part, "Value"));
            }
            entries.put(strings.get("Title"), new Entry(strings.get("UserName"), strings.get("Password")));
        }
    }

    private static String text(Element part, String name) {
        return part.getElementsByTagName(name).item(0).getTextContent();
    }
}
