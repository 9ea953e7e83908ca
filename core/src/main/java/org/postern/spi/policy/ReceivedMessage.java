// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;

/** What a hook may know of a message. Threading: used by one thread at a time. */
@ProviderType
public interface ReceivedMessage {

    /** Octets at the start of a message in which header fields are looked for; what stands behind them is not seen. */
    int HEADER_OCTETS = 256 * 1024;

    /** Sender, and the recipients that are concerned. */
    Envelope envelope();

    /** The binding it leaves through, as far as it is chosen. */
    Binding binding();

    /** Octets of content. */
    long size();

    /**
     * What the header fields of this name say, from top to bottom: unfolded (RFC 5322 section 2.2.3), without white space
     * around it, read as UTF-8. The content is read when this is first called.
     *
     * @param name in any case
     * @return one entry per field; none where there is no such field
     * @throws IOException if the content cannot be read
     */
    List<String> header(String name) throws IOException;
}
