// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerConfigurationTest {

    @Test
    void hasDefaultsForEverythingButTheAddress() throws UnknownHostException {
        ListenSettings settings = ListenerConfiguration.read(Map.of("listen", new String[] {"127.0.0.1:2525"}))
                .listeners()
                .get(0);
        assertThat(settings.limits())
                .isEqualTo(new Limits(
                        52_428_800L,
                        10_000,
                        500,
                        250,
                        2048,
                        998,
                        100,
                        20,
                        Duration.ofSeconds(300),
                        Duration.ofSeconds(180),
                        100));
        assertThat(settings.addReceived()).isTrue();
        assertThat(settings.hostname()).isNotEmpty();
        assertThat(settings.relayHosts().include(InetAddress.getByName("127.9.9.9")))
                .isTrue();
        assertThat(settings.relayHosts().include(InetAddress.getByName("::1"))).isTrue();
        assertThat(settings.relayHosts().include(InetAddress.getByName("10.0.0.1")))
                .isFalse();
    }

    @Test
    void takesEveryOption() {
        ListenSettings settings = Settings.listen("[::1]:0")
                .with("relay_hosts", new String[] {"10.0.0.0/8", "192.0.2.1"})
                .with("max_message_size", "2048")
                .with("max_recipients", "101")
                .with("max_connections", "3")
                .with("max_connections_per_peer", "2")
                .with("max_line_length", "1181")
                .with("max_text_line", "2000")
                .with("max_received", "30")
                .with("max_errors", "5")
                .with("command_timeout", "7")
                .with("data_timeout", "8")
                .with("minimum_data_rate", "0")
                .with("banner_hostname", "relay.example")
                .with("add_received", "no")
                .read();
        assertThat(settings.limits())
                .isEqualTo(new Limits(
                        2048, 101, 3, 2, 1181, 2000, 30, 5, Duration.ofSeconds(7), Duration.ofSeconds(8), 0));
        assertThat(settings.hostname()).isEqualTo("relay.example");
        assertThat(settings.addReceived()).isFalse();
        assertThat(settings.relayHosts().networks()).hasSize(2);
        assertThat(settings.address().host()).isEqualTo("::1");
    }

    @Test
    void prefersWhatTheInnerStanzaSays() {
        List<ListenSettings> listeners = ListenerConfiguration.read(Settings.listen("127.0.0.1:1", "127.0.0.1:2")
                        .with("max_recipients", "200")
                        .with("listen/127.0.0.1:2/max_recipients", "300")
                        .dictionary())
                .listeners();
        assertThat(listeners)
                .extracting(listener -> listener.limits().recipients())
                .containsExactly(200, 300);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max_recipients | many | Max_Recipients must be a whole number from 100 to 1000000",
                "max_recipients | 99 | Max_Recipients must be",
                "max_line_length | 512 | Max_Line_Length must be a whole number from 1181",
                "max_text_line | 997 | Max_Text_Line must be",
                "command_timeout | 0 | Command_Timeout must be",
                "relay_hosts | everyone | Relay_Hosts has 'everyone'",
                "banner_hostname | two words | Banner_Hostname must be a host name",
                "add_received | perhaps | Add_Received must be true or false"
            })
    void namesListenerAndOptionOfAWrongValue(String option, String value, String expected) {
        ListenerConfiguration configuration = ListenerConfiguration.read(Settings.listen("127.0.0.1:1", "127.0.0.1:2")
                .with("listen/127.0.0.1:1/" + option, value)
                .dictionary());
        assertThat(configuration.problems())
                .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .startsWith("ESMTP_Listener, Listen \"127.0.0.1:1\": " + expected);
        assertThat(configuration.listeners())
                .extracting(listener -> listener.address().port())
                .containsExactly(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2525",
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:65536",
                "::1:25",
                "[::1]",
                "a b:25",
                "/tmp/socket",
                "host:99999"
            })
    void refusesWhatIsNoAddressAndPort(String name) {
        assertThat(ListenerConfiguration.read(Settings.listen(name).dictionary())
                        .problems())
                .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .contains("must be address:port");
    }

    @Test
    void refusesABannerThatCarriesALineEnd() {
        assertThat(ListenerConfiguration.read(Settings.listen("*:0")
                                .with("banner_hostname", "a\r\n250 b")
                                .dictionary())
                        .problems())
                .hasSize(1);
    }

    @Test
    void saysThatNothingListensWithoutAListen() {
        assertThat(ListenerConfiguration.read(Map.of()).problems()).hasSize(1);
    }

    @Test
    void isDescribedToTheConfiguration() {
        ListenerVocabulary vocabulary = new ListenerVocabulary();
        assertThat(vocabulary.stanzas()).singleElement().satisfies(stanza -> {
            assertThat(stanza.key()).isEqualTo("esmtp_listener");
            assertThat(stanza.pid()).contains("org.postern.intake.smtp");
            assertThat(stanza.inner())
                    .singleElement()
                    .satisfies(listen -> assertThat(listen.named()).isTrue());
            assertThat(stanza.inherited()).containsExactlyElementsOf(vocabulary.settings());
        });
    }
}
