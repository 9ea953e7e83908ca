// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.postern.spi.credential.Secret;

/**
 * Reads the XML of a vault into elements, and its protected values straight into secrets. No document type, no entity,
 * no name space is resolved; depth and number of elements are bounded. For one document.
 */
final class XmlReader {

    private static final int DEEPEST = 100;
    private static final int MOST_ELEMENTS = 2_000_000;
    private static final String PROTECTED = "Protected";

    private final InnerStream stream;
    private final Deque<Element> open = new ArrayDeque<>();
    private final StringBuilder text = new StringBuilder();
    private Element root;
    private int elements;
    private boolean sealed;

    XmlReader(InnerStream stream) {
        this.stream = stream;
    }

    /** For a document whose values are all in clear. */
    static XmlReader ofClear() {
        return new XmlReader(null);
    }

    Element read(byte[] xml, int from) throws UnreadableVaultException {
        boolean whole = false;
        try {
            XMLStreamReader in = factory().createXMLStreamReader(utf8(xml, from));
            while (in.hasNext()) {
                accept(in, in.next());
            }
            in.close();
            whole = true;
            return root;
        } catch (XMLStreamException malformed) {
            // The parser's own words are left out: they may quote the content.
            throw new UnreadableVaultException("holds malformed XML");
        } finally {
            if (!whole && root != null) {
                root.close();
            }
        }
    }

    /** Not left to the parser, which writes to standard error what it thinks of octets that are no UTF-8. */
    private static Reader utf8(byte[] xml, int from) {
        return new InputStreamReader(
                new ByteArrayInputStream(xml, from, xml.length - from), StandardCharsets.UTF_8.newDecoder());
    }

    private void accept(XMLStreamReader in, int event) throws UnreadableVaultException {
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> start(in);
            case XMLStreamConstants.END_ELEMENT -> end();
            case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                text.append(in.getTextCharacters(), in.getTextStart(), in.getTextLength());
            case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                throw new UnreadableVaultException("holds a document type or an entity, which are refused");
            default -> {
                // Comments and processing instructions carry nothing that a vault needs.
            }
        }
    }

    private void start(XMLStreamReader in) throws UnreadableVaultException {
        if (open.size() >= DEEPEST || ++elements > MOST_ELEMENTS) {
            throw new UnreadableVaultException("holds XML that is nested too deeply or too large");
        }
        if (sealed) {
            throw new UnreadableVaultException("holds an element inside a protected value");
        }
        Element element = new Element(in.getLocalName());
        for (int i = 0; i < in.getAttributeCount(); i++) {
            element.attributes().put(in.getAttributeLocalName(i), in.getAttributeValue(i));
        }
        sealed = "True".equalsIgnoreCase(element.attributes().get(PROTECTED));
        if (sealed && stream == null) {
            throw new UnreadableVaultException("holds encrypted values: export it in clear");
        }
        place(element);
        text.setLength(0);
    }

    private void place(Element element) {
        if (open.isEmpty()) {
            root = element;
        } else {
            open.peek().add(element);
        }
        open.push(element);
    }

    private void end() throws UnreadableVaultException {
        Element element = open.pop();
        if (sealed) {
            element.attributes().remove(PROTECTED);
            element.seal(unseal());
            sealed = false;
        } else if (element.children().isEmpty()) {
            element.text(text.toString());
        }
        text.setLength(0);
    }

    private Secret unseal() throws UnreadableVaultException {
        byte[] clear = null;
        try {
            clear = stream.next(Base64.getDecoder().decode(text.toString().strip()));
            return Secret.copyOf(clear);
        } catch (IllegalArgumentException notBase64) {
            throw new UnreadableVaultException("holds a protected value that is not base64");
        } finally {
            if (clear != null) {
                Arrays.fill(clear, (byte) 0);
            }
        }
    }

    private static XMLInputFactory factory() {
        // The runtime's own, whatever the class path or a system property offers.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("external entities are refused");
        });
        return factory;
    }
}
