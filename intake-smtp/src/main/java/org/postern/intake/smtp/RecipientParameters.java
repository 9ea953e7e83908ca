// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.mail.DsnRequest.Notify;

/** The parameters of RCPT that this listener knows: NOTIFY and ORCPT (RFC 3461). */
final class RecipientParameters {

    private RecipientParameters() {}

    static DsnRequest.Recipient read(PathArgument argument, Hello hello) throws RefusedException {
        Set<Notify> notify = Set.of();
        Optional<String> original = Optional.empty();
        for (Map.Entry<String, Optional<String>> parameter :
                argument.parameters().entrySet()) {
            if (!hello.extended()) {
                throw new RefusedException(555, "5.5.4", "parameters need EHLO");
            }
            String value = parameter.getValue().orElse("");
            switch (parameter.getKey()) {
                case "NOTIFY" -> notify = notify(value);
                case "ORCPT" -> original = Optional.of(value);
                default ->
                    throw new RefusedException(555, "5.5.4", "parameter " + parameter.getKey() + " is not known");
            }
        }
        try {
            return notify.isEmpty() && original.isEmpty()
                    ? DsnRequest.Recipient.NONE
                    : new DsnRequest.Recipient(notify, original);
        } catch (IllegalArgumentException wrong) {
            throw new RefusedException(501, "5.5.4", wrong.getMessage());
        }
    }

    private static Set<Notify> notify(String value) throws RefusedException {
        Set<Notify> notify = EnumSet.noneOf(Notify.class);
        for (String word : value.split(",", -1)) {
            notify.add(
                    switch (word.toUpperCase(Locale.ROOT)) {
                        case "NEVER" -> Notify.NEVER;
                        case "SUCCESS" -> Notify.SUCCESS;
                        case "FAILURE" -> Notify.FAILURE;
                        case "DELAY" -> Notify.DELAY;
                        default ->
                            throw new RefusedException(
                                    501, "5.5.4", "NOTIFY is NEVER, or some of SUCCESS, FAILURE and DELAY");
                    });
        }
        return notify;
    }
}
