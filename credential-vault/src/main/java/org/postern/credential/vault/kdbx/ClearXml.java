// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postern.spi.credential.Secret;

/**
 * The XML that KeePass tools exchange, in which every value is in clear. Whoever holds it holds every secret: it is for
 * moving house, not for keeping.
 */
public final class ClearXml {

    private static final String IN_MEMORY = "ProtectInMemory";

    private ClearXml() {}

    /**
     * A document with every value in clear; the values that were sealed are marked as to be protected.
     *
     * @throws UnreadableVaultException if a value is no text that XML can carry
     */
    public static byte[] write(Element root) throws UnreadableVaultException {
        // No protected value is left in it, so there is no stream to encrypt one with.
        return new XmlWriter(null).write(clear(root));
    }

    /**
     * Reads such a document. Marked values are sealed again.
     *
     * @throws UnreadableVaultException if it is no such document
     */
    public static Element read(byte[] xml) throws UnreadableVaultException {
        Element root = XmlReader.ofClear().read(xml, 0);
        if (!root.name().equals("KeePassFile")) {
            root.close();
            throw new UnreadableVaultException("is no export of a KeePass vault");
        }
        seal(root);
        return root;
    }

    private static Element clear(Element element) throws UnreadableVaultException {
        if (element.isSealed()) {
            Element clear = Element.of(
                    element.name(),
                    text(element.secret())
                            .orElseThrow(() -> new UnreadableVaultException("has a secret that is no text")));
            clear.attributes().put(IN_MEMORY, "True");
            return clear;
        }
        Element copy = new Element(element.name());
        copy.attributes().putAll(element.attributes());
        copy.text(element.text());
        for (Element child : element.children()) {
            copy.add(clear(child));
        }
        return copy;
    }

    private static Optional<String> text(Secret secret) {
        return secret.reveal(octets -> {
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(octets))
                        .toString();
                return Optional.of(text).filter(XmlWriter::canCarry);
            } catch (CharacterCodingException binary) {
                return Optional.empty();
            }
        });
    }

    private static void seal(Element element) {
        if ("True".equalsIgnoreCase(element.attributes().remove(IN_MEMORY))) {
            element.seal(element.toSecret());
        }
        element.children().forEach(ClearXml::seal);
    }
}
