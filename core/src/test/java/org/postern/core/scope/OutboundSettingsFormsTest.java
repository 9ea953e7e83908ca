// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.RawValue;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.Throttle;

/** What the options take and what they refuse, by the text in the file. */
@Timeout(60)
class OutboundSettingsFormsTest {

    private static Setting<?> named(String name) {
        return OutboundSettings.all().stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<Throttle> throttle(String written) throws InvalidValueException {
        return OutboundSettings.OUTBOUND_THROTTLE_MESSAGES.read(new RawValue.Scalar(written));
    }

    @ParameterizedTest
    @CsvSource({"10, 10, 1", "1/60, 1, 60", "' 5 / 2 ', 5, 2", "0, 0, 1", "999999999/99999999, 999999999, 99999999"})
    void readsAThrottleAsACountInATime(String written, long count, long seconds) throws Exception {
        assertThat(throttle(written)).contains(new Throttle(count, Duration.ofSeconds(seconds)));
    }

    @Test
    void takesAwayAThrottleOfABroaderScope() throws Exception {
        assertThat(throttle("")).isEmpty();
        assertThat(throttle("false")).isEmpty();
        assertThat(throttle("0").orElseThrow().isLimited()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "Outbound_Throttle_Messages, 1/0",
        "Outbound_Throttle_Messages, -1",
        "Outbound_Throttle_Messages, 1/",
        "Outbound_Throttle_Messages, 1.5",
        "Outbound_Throttle_Messages, 10000000000",
        "Outbound_Throttle_Connections, many",
        "Max_Retries, -1",
        "Max_Retries, some",
        "Max_Retries, 1000000",
        "Bind_Address, relay.example",
        "Bind_Address, 192.0.2.256",
        "Bind_Address, 192.0.2",
        "Bind_Address, ''",
        "EHLO_Hostname, 'a b'",
        "EHLO_Hostname, ''",
        "EHLO_Hostname, __nothing__here!",
        "TLS_Protocols, SSLv4",
        "TLS_Protocols, '+ALL -'",
        "TLS_Protocols, ''",
        "TLS_Ciphers, ''",
        "TLS_Ciphers, 'HIGH;!aNULL'",
        "Delivery_Method, ecstream",
        "Blackhole, maybe",
        "Send_8bitmime, required",
        "Server_Max_Outbound_Connections, 0",
        "LMTP_Port, 65536",
    })
    void refusesWhatItCannotMean(String name, String written) {
        assertThatThrownBy(() -> named(name).read(new RawValue.Scalar(written)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("must be");
    }

    @ParameterizedTest
    @CsvSource({
        "Max_Retries, AUTO",
        "Max_Retries, 0",
        "Bind_Address, *",
        "Bind_Address, 192.0.2.1",
        "Bind_Address, 2001:db8::1",
        "EHLO_Hostname, __message__",
        "EHLO_Hostname, [192.0.2.1]",
        "EHLO_Hostname, relay-1.example.org",
        "TLS_Protocols, '+ALL -SSLv3,-TLSv1:-TLSv1.1'",
        "TLS_Ciphers, 'HIGH:!aNULL:ECDHE+AESGCM:@STRENGTH'",
        "TLSv13_Ciphersuites, TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256",
        "Delivery_Method, lmtp",
        "TLS_Certificate, none",
    })
    void takesWhatTheAncestorTakes(String name, String written) {
        assertThatCode(() -> named(name).read(new RawValue.Scalar(written))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "TLS_Protocols, +ALL",
        "TLS_Protocols, -TLSv1.1:",
        "TLS_Ciphers, a:",
        "Bind_Address, 1:",
        "EHLO_Hostname, a-",
        "Max_Retries, 9",
        "Outbound_Throttle_Messages, 1",
    })
    void doesNotRunAwayOnAValueOfAMegabyte(String name, String piece) {
        String huge = piece.repeat((1 << 20) / piece.length());
        try {
            named(name).read(new RawValue.Scalar(huge + "\0"));
            assertThat(name).as("a NUL is no part of any form").isEmpty();
        } catch (InvalidValueException refused) {
            assertThat(refused).hasMessageStartingWith("must be");
        }
    }

    @ParameterizedTest
    @CsvSource({"Server_Max_Outbound_Connections", "Bind_Address"})
    void isNoMatterOfDomains(String name) {
        assertThat(named(name).scopes())
                .isEqualTo(EnumSet.of(ScopeKind.GLOBAL, ScopeKind.GROUP, ScopeKind.BINDING, ScopeKind.GROUP_BINDING));
    }

    @ParameterizedTest
    @CsvSource({"Prefer_IPv6_MXs", "Use_IPv6", "Prohibited_Hosts"})
    void isAMatterOfTheWholeRelay(String name) {
        assertThat(named(name).scopes()).containsExactly(ScopeKind.GLOBAL);
    }
}
