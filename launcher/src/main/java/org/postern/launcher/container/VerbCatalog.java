// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Which verbs the bundles of an assembly offer, read from their component descriptions without starting anything. */
public final class VerbCatalog {

    private static final String SUMMARY = "postern.command.summary";
    private static final String PLACE = "postern.command.place";
    private static final String CONFIGURED_WITH = "postern.command.configured.with";

    private VerbCatalog() {}

    /** Where a verb makes sense. */
    public enum Place {
        /** In any container. */
        ANYWHERE,
        /** Where a configuration is in force. */
        CONFIGURED,
        /** Only in a relay that runs. */
        RUNNING;

        private static Place of(String written) {
            return switch (written) {
                case "configured" -> CONFIGURED;
                case "running" -> RUNNING;
                default -> ANYWHERE;
            };
        }
    }

    /**
     * A verb of a bundle.
     *
     * @param summary one line about it
     * @param place where it makes sense
     * @param configuredWith the option with which it wants a configuration in force, if there is one
     */
    public record Entry(String summary, Place place, Optional<String> configuredWith) {}

    /**
     * Lists the verbs.
     *
     * @return what is to be known of each verb, in alphabetical order
     * @throws IOException if a jar cannot be read
     */
    public static Map<String, Entry> of(Assembly assembly) throws IOException {
        Map<String, Entry> verbs = new TreeMap<>();
        for (AssembledBundle bundle : assembly.bundles()) {
            try (JarFile jar = new JarFile(bundle.jar().toFile())) {
                collect(jar, verbs);
            }
        }
        return verbs;
    }

    private static void collect(JarFile jar, Map<String, Entry> verbs) throws IOException {
        Manifest manifest = jar.getManifest();
        String components =
                manifest == null ? null : manifest.getMainAttributes().getValue("Service-Component");
        if (components == null) {
            return;
        }
        for (String path : components.split(",")) {
            ZipEntry entry = jar.getEntry(path.trim());
            if (entry != null) {
                collect(jar, entry, verbs);
            }
        }
    }

    private static void collect(JarFile jar, ZipEntry entry, Map<String, Entry> verbs) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            NodeList properties = parse(in).getElementsByTagName("property");
            String verb = value(properties, Verb.NAME);
            if (!verb.isEmpty()) {
                verbs.put(
                        verb,
                        new Entry(
                                value(properties, SUMMARY),
                                Place.of(value(properties, PLACE)),
                                Optional.of(value(properties, CONFIGURED_WITH)).filter(option -> !option.isEmpty())));
            }
        } catch (SAXException e) {
            throw new IOException(jar.getName() + ", " + entry.getName() + ": " + e.getMessage(), e);
        }
    }

    private static Document parse(InputStream in) throws IOException, SAXException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(in);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String value(NodeList properties, String name) {
        for (int i = 0; i < properties.getLength(); i++) {
            Element property = (Element) properties.item(i);
            if (property.getAttribute("name").equals(name)) {
                return property.getAttribute("value");
            }
        }
        return "";
    }
}
