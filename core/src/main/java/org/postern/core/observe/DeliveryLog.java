// SPDX-License-Identifier: Apache-2.0
package org.postern.core.observe;

import java.util.List;
import java.util.stream.Collectors;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.event.DeliveryListener;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.MailAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per event, for people and for grep. Peers' words come with control characters already made harmless. */
public final class DeliveryLog implements DeliveryListener {

    private static final Logger LOG = LoggerFactory.getLogger("org.postern.delivery");
    private static final int RECIPIENTS_SHOWN = 5;

    @Override
    public void on(DeliveryEvent event) {
        switch (event) {
            case DeliveryEvent.Accepted accepted -> accepted(accepted);
            case DeliveryEvent.SessionOpened opened -> opened(opened);
            case DeliveryEvent.AttemptEnded ended -> ended(ended);
        }
    }

    private void accepted(DeliveryEvent.Accepted event) {
        LOG.debug(
                "{}: accepted from=<{}> recipients={} size={}",
                event.message(),
                event.sender(),
                event.recipients(),
                event.size());
    }

    private void opened(DeliveryEvent.SessionOpened event) {
        LOG.info(
                "session with {} open: tls={} auth={}",
                event.peer(),
                event.tls().orElse("none"),
                event.mechanism()
                        .map(mechanism -> mechanism + " as "
                                + event.identity().map(AuthIdentity::user).orElse("?"))
                        .orElse("none"));
    }

    private void ended(DeliveryEvent.AttemptEnded event) {
        if (event.outcome() instanceof DeliveryOutcome.Delivered && !LOG.isDebugEnabled()) {
            return;
        }
        String to = names(event.recipients());
        String peer = event.peer().orElse("none");
        switch (event.outcome()) {
            case DeliveryOutcome.Delivered done ->
                LOG.debug(
                        "{}: delivered to={} peer={} as={} reply=\"{}\"",
                        event.message(),
                        to,
                        peer,
                        event.identity().map(AuthIdentity::user).orElse("nobody"),
                        done.reply());
            case DeliveryOutcome.Deferred later ->
                LOG.info(
                        "{}: deferred to={} peer={} stage={}{} reason=\"{}\"",
                        event.message(),
                        to,
                        peer,
                        later.stage(),
                        later.possibleDuplicate() ? " possible-duplicate" : "",
                        later.reason());
            case DeliveryOutcome.Held held ->
                LOG.info("{}: held to={} peer={} reason=\"{}\"", event.message(), to, peer, held.reason());
            case DeliveryOutcome.Failed failed ->
                LOG.warn(
                        "{}: failed to={} peer={} stage={} reason=\"{}\"",
                        event.message(),
                        to,
                        peer,
                        failed.stage(),
                        failed.reason());
        }
    }

    private static String names(List<MailAddress> recipients) {
        String shown = recipients.stream()
                .limit(RECIPIENTS_SHOWN)
                .map(address -> "<" + address + ">")
                .collect(Collectors.joining(","));
        int more = recipients.size() - RECIPIENTS_SHOWN;
        return more > 0 ? shown + "+" + more : shown;
    }
}
