// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

@Timeout(60)
class NameServerTest {

    @Test
    void answersWithThousandsOfExchangersAndTheirAddress() throws Exception {
        InetAddress address = InetAddress.getByName("127.1.0.1");
        try (NameServer server = NameServer.start(new Zone(2_500, address))) {
            SimpleResolver resolver = new SimpleResolver("127.0.0.1");
            resolver.setPort(server.port());
            Message exchangers = resolver.send(question("d1.example.", Type.MX));
            assertThat(exchangers.getSection(Section.ANSWER)).hasSize(2_500);
            Message host = resolver.send(question("mx7.d1.example.", Type.A));
            assertThat(host.getSection(Section.ANSWER))
                    .singleElement()
                    .satisfies(one -> assertThat(((ARecord) one).getAddress()).isEqualTo(address));
        }
    }

    private static Message question(String name, int type) throws Exception {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    }
}
