// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import org.postern.credential.vault.document.DocumentReading;
import org.postern.fuzz.Body;

/**
 * What stands in a vault once it is opened: the inner header and the XML. Other tools write it, and somebody may hand over
 * a vault together with its key. It is refused, or it can be read to the last field and written again.
 */
public final class VaultContentBody implements Body {

    @Override
    public void run(byte[] input) {
        try {
            Reading in = new Reading(input);
            InnerHeader inner = InnerHeader.read(in);
            Element root = new XmlReader(inner.stream()).read(input, in.position());
            try (root) {
                DocumentReading.readAll(root);
                writeAndRead(inner, root);
            }
        } catch (UnreadableVaultException refused) {
            Body.check(Body.isOneLine(refused.getMessage()), "an error of several lines");
        }
    }

    private static void writeAndRead(InnerHeader inner, Element root) {
        byte[] written = new XmlWriter(inner.stream()).write(root);
        try (Element again = new XmlReader(inner.stream()).read(written, 0)) {
            byte[] twice = new XmlWriter(inner.stream()).write(again);
            Body.check(java.util.Arrays.equals(written, twice), "a vault changes each time it is written");
        } catch (UnreadableVaultException ofOurOwn) {
            throw new AssertionError("what was written cannot be read", ofOurOwn);
        }
    }
}
