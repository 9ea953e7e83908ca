// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.settings.InvalidValueException;

class RelayHostsTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8,127.255.255.255,true",
        "127.0.0.0/8,128.0.0.0,false",
        "192.0.2.7,192.0.2.7,true",
        "192.0.2.7,192.0.2.6,false",
        "192.0.2.128/25,192.0.2.129,true",
        "192.0.2.128/25,192.0.2.127,false",
        "0.0.0.0/0,203.0.113.1,true",
        "0.0.0.0/0,2001:db8::1,false",
        "::1,::1,true",
        "::1,::2,false",
        "2001:db8::/33,2001:db8:7fff::1,true",
        "2001:db8::/33,2001:db8:8000::1,false",
        "::/0,127.0.0.1,false",
        "127.0.0.1,::ffff:127.0.0.1,true"
    })
    void includeWhatIsWithin(String network, String peer, boolean expected)
            throws InvalidValueException, UnknownHostException {
        RelayHosts hosts = RelayHosts.parse(List.of("198.51.100.1", network));
        assertThat(hosts.include(InetAddress.getByName(peer))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "300.1.2.3",
                "1.2.3",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/",
                "/8",
                "10.0.0.0/8/8",
                "fe80::1%eth0",
                "10.0.0.0/-1",
                "::g",
                "1.2.3.4.5",
                "١٢٧.0.0.1"
            })
    void refuseWhatIsNoNetwork(String word) {
        assertThatThrownBy(() -> RelayHosts.parse(List.of(word)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("'" + word + "'");
    }

    @Test
    void refuseANetworkWrittenAsOneOfItsHosts() {
        assertThatThrownBy(() -> RelayHosts.parse(List.of("10.1.2.3/8")))
                .hasMessage("has '10.1.2.3/8'; write '10.0.0.0/8' if that network is meant");
    }

    @Test
    void areNobodyWhereNothingIsWritten() throws InvalidValueException {
        assertThat(RelayHosts.parse(List.of("")).include(InetAddress.getLoopbackAddress()))
                .isFalse();
    }
}
