// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.util.EnumMap;
import java.util.Map;
import org.postern.core.queue.QueueKey;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.mail.BindingGroup;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;

/** What credential stores may be told of a message. */
final class About {

    private About() {}

    static Map<LookupAttribute, String> message(QueueKey key, Envelope envelope) {
        Map<LookupAttribute, String> about = new EnumMap<>(LookupAttribute.class);
        BindingGroup group = key.binding().group();
        if (!group.equals(BindingGroup.DEFAULT)) {
            about.put(LookupAttribute.BINDING_GROUP, group.name());
        }
        about.put(LookupAttribute.BINDING, key.binding().name());
        about.put(LookupAttribute.DOMAIN, key.domain().name());
        about.put(
                LookupAttribute.SENDER,
                envelope.sender().map(MailAddress::toString).orElse(""));
        return about;
    }
}
