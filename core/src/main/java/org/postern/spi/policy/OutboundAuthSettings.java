// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.postern.spi.credential.Secret;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;

/**
 * The options of outbound authentication: the only place where {@code outbound_smtp_auth_*} is spelled. A variable of the
 * message context with the name of one of these overrides it, but for those that {@link #isOverridable} says no to.
 */
public final class OutboundAuthSettings {

    /** One mechanism or several in order of preference; unset means the strongest first. */
    public static final Setting<List<String>> TYPE = Setting.of(
                    "Outbound_SMTP_AUTH_Type",
                    SettingType.WORDS,
                    "Mechanisms allowed, best first; unset means the strongest that peer, bundles and policy allow.")
            .cancellable();

    /** The authentication identity, or a {@link StoreReference}. */
    public static final Setting<String> USER = Setting.of(
                    "Outbound_SMTP_AUTH_User",
                    SettingType.TEXT,
                    "User name sent to the peer, or STORE:KEY of the store that keeps it.")
            .cancellable();

    /** The password in clear, or a {@link StoreReference}. */
    public static final Setting<Secret> PASS = Setting.of(
                    "Outbound_SMTP_AUTH_Pass",
                    SettingType.SECRET,
                    "Password sent to the peer, or STORE:KEY of the credential store that keeps it.")
            .cancellable();

    /** The handle that credential stores are asked for. */
    public static final Setting<String> KEY = Setting.of(
                    "Outbound_SMTP_AUTH_Key",
                    SettingType.TEXT,
                    "Names the credential in the stores; used where no password is set.")
            .cancellable();

    /** Which stores a key is asked of, and in which order. */
    public static final Setting<List<String>> CREDENTIAL_STORES = Setting.of(
                    "Credential_Stores",
                    SettingType.WORDS,
                    "Names of the stores that are asked for the key, in this order; unset means all by their ranking.")
            .cancellable();

    /** How long an answer of a store is good. */
    public static final Setting<Duration> CACHE_TIME = Setting.of(
            "Outbound_SMTP_AUTH_Cache_Time",
            SettingType.seconds(0, 86_400),
            Duration.ofSeconds(60),
            "Seconds that a store's answer is used before the store is asked again in the background.");

    /** How long an answer of a store is good while the store fails. */
    public static final Setting<Duration> STALE_WHILE_ERROR = Setting.of(
            "Outbound_SMTP_AUTH_Stale_While_Error",
            SettingType.seconds(0, 2_678_400),
            Duration.ofDays(1),
            "Seconds that a store's answer is used while the store cannot be asked.");

    /** How much mail tries a coming credential. */
    public static final Setting<Long> CANARY_SHARE = Setting.of(
            "Outbound_SMTP_AUTH_Canary_Share",
            SettingType.integer(0, 100),
            10L,
            "Percent of the messages that try a coming credential until a peer has accepted it; at least one does.");

    /** The authorization identity. */
    public static final Setting<String> AUTHZID = Setting.of(
                    "Outbound_SMTP_AUTH_Authzid",
                    SettingType.TEXT,
                    "Authorization identity (RFC 4422), where it differs from the user.")
            .cancellable();

    /** Whether AUTH carries the mechanism's first message: {@link InitialResponse} in words. */
    public static final Setting<String> INITIAL_RESPONSE = Setting.of(
            "Outbound_SMTP_AUTH_Initial_Response",
            SettingType.oneOf("auto", "always", "never"),
            "auto",
            "Whether the AUTH command carries the first response: auto means where the line stays within 512 octets.");

    /** Lets a secret travel over TLS whose certificate was not verified. */
    public static final Setting<Boolean> ALLOW_UNVERIFIED_TLS = Setting.of(
            "Outbound_SMTP_AUTH_Allow_Unverified_TLS",
            SettingType.BOOLEAN,
            false,
            "Shows secrets to a peer whose certificate could not be verified.");

    /** Lets a secret travel without TLS. */
    public static final Setting<Boolean> ALLOW_CLEARTEXT = Setting.of(
            "Outbound_SMTP_AUTH_Allow_Cleartext",
            SettingType.BOOLEAN,
            false,
            "Sends secrets without TLS to a peer that is not on this machine.");

    /** Lets a password in a message's context be stored with the message. */
    public static final Setting<Boolean> PERSIST_PASS = Setting.of(
            "Outbound_SMTP_AUTH_Persist_Pass",
            SettingType.BOOLEAN,
            false,
            "Stores a password that reception set for a message with the message, in clear.");

    /** How long a hook may take. */
    public static final Setting<Duration> HOOK_TIMEOUT = Setting.of(
            "Outbound_SMTP_AUTH_Hook_Timeout",
            SettingType.seconds(1, 3_600),
            Duration.ofSeconds(10),
            "Seconds that each hook may take before the message is deferred.");

    /** How much one account may be used for at one peer. */
    public static final Setting<List<String>> LIMITS = Setting.of(
                    "Outbound_SMTP_AUTH_Limits",
                    SettingType.wordsMatching(
                            "gmail, microsoft365, amazon-ses, mailgun or sendgrid, sessions=N,"
                                    + " or logins, messages or recipients=N/ with s, m, h or d for the time",
                            Pattern.compile("(?i)gmail|microsoft365|amazon-ses|mailgun|sendgrid|sessions=[0-9]{1,6}"
                                    + "|(logins|messages|recipients)=[0-9]{1,9}/[smhd]")),
                    "Sessions, logins, messages and recipients that an account is used for at a peer; the rest waits.")
            .cancellable();

    private static final Set<Setting<?>> DECIDED_BY_CONFIGURATION = Set.of(PERSIST_PASS, HOOK_TIMEOUT, LIMITS);

    private OutboundAuthSettings() {}

    /** Whether a variable of the message context with the name of this option says more than the configuration. */
    public static boolean isOverridable(Setting<?> setting) {
        return !DECIDED_BY_CONFIGURATION.contains(setting);
    }

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                TYPE,
                USER,
                PASS,
                KEY,
                CREDENTIAL_STORES,
                CACHE_TIME,
                STALE_WHILE_ERROR,
                CANARY_SHARE,
                AUTHZID,
                INITIAL_RESPONSE,
                ALLOW_UNVERIFIED_TLS,
                ALLOW_CLEARTEXT,
                PERSIST_PASS,
                HOOK_TIMEOUT,
                LIMITS);
    }
}
