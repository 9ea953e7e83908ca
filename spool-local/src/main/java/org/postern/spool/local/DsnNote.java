// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.mail.DsnRequest.Notify;
import org.postern.spi.mail.DsnRequest.Recipient;
import org.postern.spi.mail.DsnRequest.Return;
import org.postern.spi.mail.Envelope;

/**
 * What a sender wants to hear, at the end of a message's head: RET, ENVID, then {@code true} and NOTIFY and ORCPT of each
 * recipient, or {@code false}. What was not said is an empty text; none of these can be empty where it was.
 */
final class DsnNote {

    private DsnNote() {}

    /** Takes one text. */
    interface Texts {
        void put(String text) throws IOException;
    }

    static void write(Envelope envelope, Texts out) throws IOException {
        DsnRequest dsn = envelope.dsn();
        out.put(dsn.returned().map(Enum::name).orElse(""));
        out.put(dsn.envelopeId().orElse(""));
        out.put(Boolean.toString(!dsn.recipients().isEmpty()));
        for (Recipient recipient : dsn.recipients()) {
            out.put(recipient.notifyOn().stream().map(Enum::name).collect(Collectors.joining(",")));
            out.put(recipient.original().orElse(""));
        }
    }

    /** @throws IllegalArgumentException if it is malformed */
    static Envelope read(Envelope plain, Supplier<String> in) {
        Optional<Return> returned = said(in.get()).map(Return::valueOf);
        Optional<String> envelopeId = said(in.get());
        List<Recipient> recipients = new ArrayList<>();
        if (Boolean.parseBoolean(in.get())) {
            for (int i = 0; i < plain.recipients().size(); i++) {
                recipients.add(new Recipient(notify(in.get()), said(in.get())));
            }
        }
        return new Envelope(
                plain.sender(),
                plain.recipients(),
                plain.bodyType(),
                plain.smtpUtf8(),
                new DsnRequest(returned, envelopeId, recipients));
    }

    private static Optional<String> said(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static Set<Notify> notify(String text) {
        Set<Notify> notify = EnumSet.noneOf(Notify.class);
        said(text)
                .ifPresent(words ->
                        Arrays.stream(words.split(",")).map(Notify::valueOf).forEach(notify::add));
        return notify;
    }
}
