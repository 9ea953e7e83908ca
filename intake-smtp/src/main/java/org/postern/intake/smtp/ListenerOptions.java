// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.time.Duration;
import java.util.List;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;

/** The options of {@code ESMTP_Listener} and {@code Listen}. */
final class ListenerOptions {

    static final String STANZA = "ESMTP_Listener";
    static final String LISTEN = "Listen";

    static final Setting<List<String>> RELAY_HOSTS = Setting.of(
                    "Relay_Hosts",
                    SettingType.WORDS,
                    List.of("127.0.0.0/8", "::1"),
                    "Addresses and networks that may hand in mail for other hosts.")
            .in(ScopeKind.GLOBAL);

    static final Setting<Long> MAX_MESSAGE_SIZE = Setting.of(
            "Max_Message_Size",
            SettingType.integer(1024, 1L << 40),
            52_428_800L,
            "Octets of content that a message may have.");

    static final Setting<Long> MAX_RECIPIENTS = Setting.of(
            "Max_Recipients", SettingType.integer(100, 1_000_000), 10_000L, "Recipients that a message may have.");

    static final Setting<Long> MAX_CONNECTIONS = Setting.of(
            "Max_Connections", SettingType.integer(1, 100_000), 500L, "Connections open at once, of all peers.");

    static final Setting<Long> MAX_CONNECTIONS_PER_PEER = Setting.of(
            "Max_Connections_Per_Peer",
            SettingType.integer(1, 100_000),
            250L,
            "Connections open at once from one address.");

    static final Setting<Long> MAX_LINE_LENGTH = Setting.of(
            "Max_Line_Length",
            SettingType.integer(Limits.LEAST_LINE_LENGTH, 32_768),
            2048L,
            "Octets of a command line with its line end.");

    static final Setting<Long> MAX_TEXT_LINE = Setting.of(
            "Max_Text_Line",
            SettingType.integer(998, 1_048_576),
            998L,
            "Octets of a line of content without its line end.");

    static final Setting<Long> MAX_RECEIVED = Setting.of(
            "Max_Received",
            SettingType.integer(1, 10_000),
            100L,
            "Received fields from which on a message is taken for a loop.");

    static final Setting<Long> MAX_ERRORS = Setting.of(
            "Max_Errors",
            SettingType.integer(1, 10_000),
            20L,
            "Refused commands since the last accepted message after which the connection is closed.");

    static final Setting<Duration> COMMAND_TIMEOUT = Setting.of(
            "Command_Timeout",
            SettingType.seconds(1, 3600),
            Duration.ofSeconds(300),
            "Seconds that a peer may take for a whole command.");

    static final Setting<Duration> DATA_TIMEOUT = Setting.of(
            "Data_Timeout",
            SettingType.seconds(1, 3600),
            Duration.ofSeconds(180),
            "Seconds that a peer may pause within content, or before it takes a reply.");

    static final Setting<Long> MINIMUM_DATA_RATE = Setting.of(
            "Minimum_Data_Rate",
            SettingType.integer(0, 1_000_000),
            100L,
            "Octets per second of content below which a peer is cut off; 0 for no minimum.");

    static final Setting<String> BANNER_HOSTNAME =
            Setting.of("Banner_Hostname", SettingType.TEXT, "The name in the greeting and in the Received field.");

    static final Setting<Boolean> ADD_RECEIVED = Setting.of(
            "Add_Received", SettingType.BOOLEAN, true, "Whether a Received field is put on top of each message.");

    static final Setting<String> DEFAULT_BINDING =
            Setting.of("Default_Binding", SettingType.TEXT, "The binding of mail that names no other.");

    static final Setting<Boolean> HONOUR_X_BINDING = Setting.of(
            "Honour_X_Binding",
            SettingType.BOOLEAN,
            true,
            "Whether hosts that may relay choose a message's binding by its X-Binding field.");

    private ListenerOptions() {}

    static Setting<?>[] all() {
        return new Setting<?>[] {
            RELAY_HOSTS,
            MAX_MESSAGE_SIZE,
            MAX_RECIPIENTS,
            MAX_CONNECTIONS,
            MAX_CONNECTIONS_PER_PEER,
            MAX_LINE_LENGTH,
            MAX_TEXT_LINE,
            MAX_RECEIVED,
            MAX_ERRORS,
            COMMAND_TIMEOUT,
            DATA_TIMEOUT,
            MINIMUM_DATA_RATE,
            BANNER_HOSTNAME,
            ADD_RECEIVED,
            DEFAULT_BINDING,
            HONOUR_X_BINDING
        };
    }
}
