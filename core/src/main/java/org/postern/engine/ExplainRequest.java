// SPDX-License-Identifier: Apache-2.0
package org.postern.engine;

import java.util.Objects;
import java.util.Optional;
import org.postern.spi.mail.MailAddress;

/**
 * A message to be explained that need not exist.
 *
 * @param sender the reverse-path; empty for the null reverse-path
 * @param recipient the forward-path
 * @param binding the binding it leaves through; empty to have it chosen as at reception
 * @param header its header fields, lines ending with CRLF, perhaps none
 * @param offline whether to leave DNS and credential stores alone
 */
public record ExplainRequest(
        Optional<MailAddress> sender, MailAddress recipient, Optional<String> binding, String header, boolean offline) {

    /** @throws NullPointerException if a part is missing */
    public ExplainRequest {
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(recipient, "recipient");
        Objects.requireNonNull(binding, "binding");
        Objects.requireNonNull(header, "header");
    }
}
