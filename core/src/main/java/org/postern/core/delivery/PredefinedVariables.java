// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;

/** The variables that every message has, read from its envelope; named as the ancestor names them. */
final class PredefinedVariables {

    private static final Map<String, Function<MailAddress, String>> PARTS = Map.of(
            "string", MailAddress::toString,
            "localpart", MailAddress::localPart,
            "domain", address -> address.routingDomain().name());

    private static final String SENDER = "mailfrom_";
    private static final String RECIPIENT = "rcptto_";

    private PredefinedVariables() {}

    /** The names of all of them. */
    static Set<String> names() {
        return Set.of(
                "mailfrom_string",
                "mailfrom_localpart",
                "mailfrom_domain",
                "rcptto_string",
                "rcptto_localpart",
                "rcptto_domain");
    }

    /** The value of one; nothing if there is none of this name. The null sender's are empty. */
    static Optional<String> of(Envelope envelope, String name) {
        if (name.startsWith(SENDER)) {
            return part(name.substring(SENDER.length()), envelope.sender());
        }
        return name.startsWith(RECIPIENT)
                ? part(
                        name.substring(RECIPIENT.length()),
                        Optional.of(envelope.recipients().getFirst()))
                : Optional.empty();
    }

    private static Optional<String> part(String name, Optional<MailAddress> address) {
        return Optional.ofNullable(PARTS.get(name))
                .map(part -> address.map(part).orElse(""));
    }
}
