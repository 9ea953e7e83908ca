// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.Throttle;

/** The options that the delivery engine understands. One page each in {@code docs/settings}. */
public final class OutboundSettings {

    private static final long YEAR = 366L * 24 * 60 * 60;

    /** Whether sessions use STARTTLS. Where nothing is set and authentication applies, it is used if offered. */
    public static final Setting<String> TLS = Setting.of(
            "TLS",
            SettingType.oneOf("no", "ifavailable", "required"),
            "no",
            "Whether sessions use STARTTLS: no, ifavailable, or required.");

    /** How the peer's certificate decides over delivery. */
    public static final Setting<String> TLS_VERIFY = Setting.of(
            "TLS_Verify",
            SettingType.oneOf("no", "ca", "host", "optional"),
            "no",
            "Whether delivery depends on the peer's certificate: on its chain (ca), on chain and name (host), or not.");

    /** The certificate authorities that peers are verified with. */
    public static final Setting<String> TLS_CA = Setting.of(
                    "TLS_CA",
                    SettingType.TEXT,
                    "PEM file with the certificate authorities to trust; unset means those of the Java runtime.")
            .cancellable();

    /** What follows on a failed STARTTLS under {@code TLS = ifavailable}. */
    public static final Setting<Boolean> TLS_IFAVAILABLE_FALLBACK = Setting.of(
            "TLS_Ifavailable_Fallback",
            SettingType.BOOLEAN,
            true,
            "After a failed opportunistic TLS negotiation, deliver in clear (true) or try again later (false).");

    /** The way on in clear. */
    public static final Setting<Boolean> TLS_FALLBACK_ALWAYS_NEW_CONNECTION = Setting.of(
            "TLS_Fallback_Always_New_Connection",
            SettingType.BOOLEAN,
            true,
            "Whether delivery in clear after a refused STARTTLS takes a new connection.");

    /** This side's certificate. */
    public static final Setting<String> TLS_CERTIFICATE = Setting.of(
                    "TLS_Certificate",
                    SettingType.TEXT,
                    "PEM file with the certificate shown to peers that ask for one; none shows none.")
            .cancellable();

    /** The key of this side's certificate. */
    public static final Setting<String> TLS_KEY = Setting.of(
                    "TLS_Key",
                    SettingType.TEXT,
                    "PEM file with the private key of TLS_Certificate; unset means that it is in the same file.")
            .cancellable();

    /** What is offered under TLS 1.2. */
    public static final Setting<String> TLS_CIPHERS = Setting.of(
            "TLS_Ciphers",
            SettingType.matching("a cipher list in OpenSSL's form", Pattern.compile("[A-Za-z0-9_+!@=:, \\-]+")),
            "DEFAULT",
            "Cipher suites offered under TLS 1.2, as a cipher list in OpenSSL's form.");

    /** What is offered under TLS 1.3. */
    public static final Setting<String> TLSV13_CIPHERSUITES = Setting.of(
                    "TLSv13_Ciphersuites",
                    SettingType.matching(
                            "names of TLS 1.3 suites with colons between", Pattern.compile("[A-Z0-9_: ]*")),
                    "Cipher suites offered under TLS 1.3, best first; unset means those of the Java runtime.")
            .cancellable();

    /** Versions of TLS. */
    public static final Setting<String> TLS_PROTOCOLS = Setting.of(
            "TLS_Protocols",
            SettingType.matching(
                    "ALL, SSLv2, SSLv3, TLSv1, TLSv1.1, TLSv1.2 and TLSv1.3, each with + or - before it",
                    Pattern.compile("(?i)(?=.{1,200}$)([-+!]?(ALL|SSLv2|SSLv3|TLSv1(\\.[0-3])?)([ :,]++|$))+")),
            "+ALL",
            "Versions of TLS that are offered; of all named only TLSv1.2 and TLSv1.3 are ever spoken.");

    /** Replaces the routing domain. */
    public static final Setting<String> GATEWAY = Setting.of(
                    "Gateway",
                    SettingType.TEXT,
                    "Host that takes the mail instead of the domain's own; replaces the routing domain.")
            .cancellable();

    /** Where connections go, without replacing the routing domain. */
    public static final Setting<List<String>> ROUTES = Setting.of(
                    "Routes",
                    SettingType.WORDS,
                    "Hosts that take the mail, in order; __mx__ stands for the domain's own.")
            .in(
                    ScopeKind.GLOBAL,
                    ScopeKind.DOMAIN,
                    ScopeKind.BINDING_DOMAIN,
                    ScopeKind.GROUP_DOMAIN,
                    ScopeKind.GROUP_BINDING_DOMAIN)
            .cancellable();

    /** Whether peers are told who handed a message in. */
    public static final Setting<String> XCLIENT = Setting.of(
            "XCLIENT",
            SettingType.oneOf("no", "ifavailable", "required"),
            "no",
            "Whether peers are told by XCLIENT who handed a message in: no, ifavailable, or required.");

    /** The port of peers. */
    public static final Setting<Long> REMOTE_SMTP_PORT = Setting.of(
            "Remote_SMTP_Port", SettingType.integer(1, 65_535), 25L, "Port of the peer where a route names none.");

    /** How peers are spoken to. */
    public static final Setting<String> DELIVERY_METHOD = Setting.of(
            "Delivery_Method",
            SettingType.oneOf("ESMTP", "SMTP", "LMTP"),
            "ESMTP",
            "Protocol that peers are spoken to in: ESMTP, SMTP without extensions, or LMTP.");

    /** The port of peers that speak LMTP. */
    public static final Setting<Long> LMTP_PORT = Setting.of(
            "LMTP_Port",
            SettingType.integer(1, 65_535),
            2_003L,
            "Port of the peer under Delivery_Method = LMTP where a route names none.");

    /** The name given in EHLO. */
    public static final Setting<String> EHLO_HOSTNAME = Setting.of(
            "EHLO_Hostname",
            SettingType.matching(
                    "a host name, an address in brackets, __hostname__ or __message__",
                    Pattern.compile("__hostname__|__message__|[A-Za-z0-9._:\\[\\]-]{1,255}")),
            "__hostname__",
            "Name given in EHLO; __hostname__ is this machine's, __message__ the domain of the envelope's sender.");

    /** The address that connections come from. */
    public static final Setting<String> BIND_ADDRESS = Setting.of(
                    "Bind_Address",
                    SettingType.matching(
                            "an IP address, or *",
                            Pattern.compile("\\*|(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}"
                                    + "|(?=.*:)[0-9A-Fa-f:]{2,39}(%[A-Za-z0-9]+)?")),
                    "*",
                    "Address that connections come from; * leaves it to the system.")
            .in(ScopeKind.GLOBAL, ScopeKind.GROUP, ScopeKind.BINDING, ScopeKind.GROUP_BINDING);

    /** Connections at once. */
    public static final Setting<Long> MAX_OUTBOUND_CONNECTIONS = Setting.of(
            "Max_Outbound_Connections",
            SettingType.integer(1, 100_000),
            32L,
            "Connections at once per binding and routing domain.");

    /** Connections at once, of all together. */
    public static final Setting<Long> SERVER_MAX_OUTBOUND_CONNECTIONS = Setting.of(
                    "Server_Max_Outbound_Connections",
                    SettingType.integer(1, 1_000_000),
                    20_000L,
                    "Connections at once of everything that this scope holds for.")
            .in(ScopeKind.GLOBAL, ScopeKind.GROUP, ScopeKind.BINDING, ScopeKind.GROUP_BINDING);

    /** Messages per time. */
    public static final Setting<Throttle> OUTBOUND_THROTTLE_MESSAGES = Setting.of(
                    "Outbound_Throttle_Messages",
                    SettingType.THROTTLE,
                    "Deliveries tried per second (N) or in S seconds (N/S) by everything that this scope holds for.")
            .cancellable();

    /** Connections per time. */
    public static final Setting<Throttle> OUTBOUND_THROTTLE_CONNECTIONS = Setting.of(
                    "Outbound_Throttle_Connections",
                    SettingType.THROTTLE,
                    "Connections made per second (N) or in S seconds (N/S) by everything that this scope holds for.")
            .cancellable();

    /** Recipients per connection; 0 sets no limit. */
    public static final Setting<Long> MAX_RECIPIENTS_PER_CONNECTION = Setting.of(
            "Max_Recipients_Per_Connection",
            SettingType.integer(0, Integer.MAX_VALUE),
            0L,
            "Recipients named over one connection before it is closed; 0 sets no limit.");

    /** Messages per connection; 0 sets no limit. */
    public static final Setting<Long> MAX_DELIVERIES_PER_CONNECTION = Setting.of(
            "Max_Deliveries_Per_Connection",
            SettingType.integer(0, Integer.MAX_VALUE),
            0L,
            "Deliveries over one connection before it is closed; 0 sets no limit.");

    /** Recipients per transaction. */
    public static final Setting<Long> MAX_RECIPIENTS_PER_BATCH = Setting.of(
            "Max_Recipients_Per_Batch", SettingType.integer(1, 100_000), 100L, "Recipients in one mail transaction.");

    /** Whether content above ASCII is declared. */
    public static final Setting<String> SEND_8BITMIME = Setting.of(
            "Send_8bitmime",
            SettingType.oneOf("no", "ifavailable"),
            "ifavailable",
            "Whether peers are told of content with octets above 127: ifavailable, or no, which sends it unsaid.");

    /** Whether BDAT is used. */
    public static final Setting<String> OUTBOUND_CHUNKING = Setting.of(
            "Outbound_Chunking",
            SettingType.oneOf("no", "ifavailable"),
            "ifavailable",
            "Whether small messages go out in one piece with their envelope, by BDAT, where the peer offers it.");

    /** How far commands go ahead of replies. */
    public static final Setting<String> OUTBOUND_PIPELINING = Setting.of(
            "Outbound_Pipelining",
            SettingType.oneOf("no", "message", "ifavailable"),
            "ifavailable",
            "How far commands go ahead of replies where the peer offers PIPELINING: to the end of a message, or beyond it.");

    /** How long a session is kept without work. */
    public static final Setting<Duration> IDLE_TIMEOUT = Setting.of(
            "Idle_Timeout",
            SettingType.seconds(0, 86_400),
            Duration.ofSeconds(5),
            "Seconds that a session is kept open without work.");

    /** For the greeting. */
    public static final Setting<Duration> CONNECT_TIMEOUT = timeout(
            "Connect_Timeout", 300, "Seconds to wait for the greeting, and at most 30 of them for the connection.");

    /** For the reply to EHLO. */
    public static final Setting<Duration> EHLO_TIMEOUT =
            timeout("EHLO_Timeout", 300, "Seconds to wait for the reply to EHLO or HELO.");

    /** For the reply to MAIL. */
    public static final Setting<Duration> MAILFROM_TIMEOUT =
            timeout("MailFrom_Timeout", 300, "Seconds to wait for the reply to MAIL FROM.");

    /** For the reply to RCPT. */
    public static final Setting<Duration> RCPTTO_TIMEOUT =
            timeout("RcptTo_Timeout", 300, "Seconds to wait for the reply to each RCPT TO.");

    /** For the reply to the message. */
    public static final Setting<Duration> BODY_TIMEOUT =
            timeout("Body_Timeout", 600, "Seconds to wait for the reply to the message.");

    /** For the reply to RSET. */
    public static final Setting<Duration> RSET_TIMEOUT =
            timeout("RSET_Timeout", 30, "Seconds to wait for the reply to RSET.");

    /** For each reply during AUTH. */
    public static final Setting<Duration> AUTH_TIMEOUT =
            timeout("AUTH_Timeout", 300, "Seconds to wait for each reply during AUTH.");

    /** How long a failed host is left alone. */
    public static final Setting<Duration> HOST_FAILURE_RETRY = Setting.of(
                    "Host_Failure_Retry",
                    SettingType.seconds(0, 86_400),
                    Duration.ofSeconds(120),
                    "Seconds that a host is left alone after it failed.")
            .in(
                    ScopeKind.GLOBAL,
                    ScopeKind.DOMAIN,
                    ScopeKind.BINDING_DOMAIN,
                    ScopeKind.GROUP_DOMAIN,
                    ScopeKind.GROUP_BINDING_DOMAIN);

    /** How often in succession hosts fail until all mail of their domain waits. */
    public static final Setting<Long> MX_FAILURES_TO_DELAY = Setting.of(
                    "MX_Failures_To_Delay",
                    SettingType.integer(0, 1_000_000),
                    50L,
                    "Failures in succession of each of a domain's hosts after which all its mail is put off; 0 for never.")
            .in(
                    ScopeKind.GLOBAL,
                    ScopeKind.DOMAIN,
                    ScopeKind.BINDING_DOMAIN,
                    ScopeKind.GROUP_DOMAIN,
                    ScopeKind.GROUP_BINDING_DOMAIN);

    /** How long hosts fail until all mail of their domain waits. */
    public static final Setting<Duration> CONNECT_TIMEOUT_TO_DELAY = timeout(
            "Connect_Timeout_To_Delay",
            900,
            "Seconds without a connection to any of a domain's hosts after which all its mail is put off.");

    /** Whether domains share sessions. */
    public static final Setting<Boolean> MIGRATE_CONNECTIONS_BETWEEN_SIBLING_DOMAINS = Setting.of(
                    "Migrate_Connections_Between_Sibling_Domains",
                    SettingType.BOOLEAN,
                    true,
                    "Whether mail to one domain may use a session that was opened for another one on the same host.")
            .in(ScopeKind.GLOBAL);

    /** How long until the first retry. */
    public static final Setting<Duration> RETRY_INTERVAL = Setting.of(
            "Retry_Interval",
            SettingType.seconds(1, YEAR),
            Duration.ofSeconds(1_200),
            "Seconds until the first retry; doubled for each further one.");

    /** The longest time between retries. */
    public static final Setting<Duration> MAX_RETRY_INTERVAL = Setting.of(
            "Max_Retry_Interval",
            SettingType.seconds(1, YEAR),
            Duration.ofSeconds(43_200),
            "Seconds between retries at most.");

    /** How long delivery is tried. */
    public static final Setting<Duration> MESSAGE_EXPIRATION = Setting.of(
            "Message_Expiration",
            SettingType.seconds(1, YEAR),
            Duration.ofSeconds(86_400),
            "Seconds after which an undelivered message is given up.");

    /** How often delivery is tried again. */
    public static final Setting<String> MAX_RETRIES = Setting.of(
            "Max_Retries",
            SettingType.matching(
                    "auto, none or a whole number up to 999999", Pattern.compile("(?i)auto|none|[0-9]{1,6}")),
            "auto",
            "How many times delivery is tried again; auto and none leave it to Message_Expiration.");

    /** Whether there is a second attempt at all. */
    public static final Setting<Boolean> NEVER_RETRY = Setting.of(
            "Never_Retry",
            SettingType.BOOLEAN,
            false,
            "Gives a message up at its first failure that another attempt might have mended.");

    /** Whether a message that is too old is tried once more. */
    public static final Setting<Boolean> NEVER_ATTEMPT_EXPIRED_MESSAGES = Setting.of(
            "Never_Attempt_Expired_Messages",
            SettingType.BOOLEAN,
            false,
            "Gives a message up without another attempt once it is older than Message_Expiration.");

    /** Throws mail away. */
    public static final Setting<String> BLACKHOLE = Setting.of(
            "Blackhole",
            SettingType.oneOf("false", "true", "inline", "internal"),
            "false",
            "Fails mail instead of delivering it; internal tells nobody.");

    /** Holds mail back. */
    public static final Setting<Boolean> SUSPEND_DELIVERY =
            Setting.of("Suspend_Delivery", SettingType.BOOLEAN, false, "Keeps mail of this scope in the queue.");

    /** Whether senders are told. */
    public static final Setting<Boolean> GENERATE_BOUNCES = Setting.of(
            "Generate_Bounces",
            SettingType.BOOLEAN,
            true,
            "Whether senders are told of mail that could not be delivered.");

    /** Whether senders hear of mail that is late. */
    public static final Setting<Boolean> GENERATE_DELAY_DSN = Setting.of(
            "Generate_Delay_DSN",
            SettingType.BOOLEAN,
            false,
            "Whether senders are told of mail that has not been delivered yet.");

    /** How often one sender is told of anything. */
    public static final Setting<Throttle> DSN_THROTTLE = Setting.of(
            "DSN_Throttle",
            SettingType.THROTTLE,
            new Throttle(1_000, Duration.ofHours(1)),
            "Notifications to one sender per second (N) or in S seconds (N/S); what is beyond that is not sent.");

    /** When senders hear of mail that is late. */
    public static final Setting<Duration> DELAY_DSN_RETRY_INTERVAL = Setting.of(
            "Delay_DSN_Retry_Interval",
            SettingType.seconds(1, YEAR),
            Duration.ofSeconds(3_600),
            "Seconds until the first notice of a delay; doubled for each further one.");

    /** How rarely senders hear of mail that is late. */
    public static final Setting<Duration> DELAY_DSN_MAX_RETRY_INTERVAL = Setting.of(
            "Delay_DSN_Max_Retry_Interval",
            SettingType.seconds(1, YEAR),
            Duration.ofSeconds(43_200),
            "Seconds between notices of a delay at most.");

    /** Which replies are taken for others. */
    public static final Setting<List<String>> RESPONSE_TRANSCODE_PATTERN = Setting.of(
                    "Response_Transcode_Pattern",
                    SettingType.PATTERNS,
                    "Regular expressions; a 4yz or 5yz reply that one of them occurs in is taken for another.")
            .cancellable();

    /** What such replies are taken for. */
    public static final Setting<String> RESPONSE_TRANSCODE_REPLACE = Setting.of(
                    "Response_Transcode_Replace",
                    SettingType.matching(
                            "a reply that begins with a code from 400 to 599 and a blank, or with $ and a digit",
                            Pattern.compile("([45][0-9]{2} |\\$[0-9])\\P{Cntrl}{0,499}")),
                    "The reply that is taken for one of Response_Transcode_Pattern; $0 to $9 are what was found.")
            .cancellable();

    /** Whether IPv6 addresses are tried. */
    public static final Setting<Boolean> USE_IPV6 = Setting.of(
                    "Use_IPv6", SettingType.BOOLEAN, false, "Whether IPv6 addresses of peers found by DNS are tried.")
            .in(ScopeKind.GLOBAL);

    /** Which family of addresses comes first. */
    public static final Setting<Boolean> PREFER_IPV6_MXS = Setting.of(
                    "Prefer_IPv6_MXs",
                    SettingType.BOOLEAN,
                    false,
                    "Whether the IPv6 addresses of a peer are tried before the others.")
            .in(ScopeKind.GLOBAL);

    /** Hosts that are never connected to. */
    public static final Setting<List<String>> PROHIBITED_HOSTS = Setting.of(
                    "Prohibited_Hosts",
                    SettingType.WORDS,
                    "Names, addresses and blocks of addresses that are never connected to.")
            .in(ScopeKind.GLOBAL)
            .cancellable();

    /** What is not stored of a message's context. */
    public static final Setting<List<String>> EXCLUDE_VCTX_MESS = Setting.of(
                    "Exclude_VCTX_Mess",
                    SettingType.PATTERNS,
                    "Regular expressions; context variables whose names they occur in are not stored with the message.")
            .cancellable();

    /** Whether contexts of waiting messages stay in memory. */
    public static final Setting<Boolean> KEEP_MESSAGE_DICTS_IN_MEMORY = Setting.of(
                    "Keep_Message_Dicts_In_Memory",
                    SettingType.BOOLEAN,
                    false,
                    "Whether the context of a waiting message stays in memory, or is read back from the spool.")
            .in(ScopeKind.GLOBAL);

    /** Where transcripts of sessions are appended. */
    public static final Setting<String> TRANSCRIPT_FILE = Setting.of(
                    "Transcript_File",
                    SettingType.TEXT,
                    "File that transcripts of SMTP sessions are appended to, secrets left out.")
            .in(ScopeKind.GLOBAL)
            .cancellable();

    /** Where the audit log is. */
    public static final Setting<String> AUDIT_LOG = Setting.of(
                    "Audit_Log",
                    SettingType.TEXT,
                    "File with every use and change of a credential; unset means audit.log in the state directory.")
            .in(ScopeKind.GLOBAL)
            .cancellable();

    /** How large a file of the audit log becomes. */
    public static final Setting<Long> AUDIT_LOG_SIZE = Setting.of(
                    "Audit_Log_Size",
                    SettingType.integer(1, 1_048_576),
                    64L,
                    "MiB after which the file of the audit log is put aside and another one begun.")
            .in(ScopeKind.GLOBAL);

    private OutboundSettings() {}

    /** All of them, those of authentication included. */
    public static List<Setting<?>> all() {
        return Stream.concat(own().stream(), OutboundAuthSettings.all().stream())
                .toList();
    }

    private static List<Setting<?>> own() {
        return List.of(
                TLS,
                TLS_VERIFY,
                TLS_CA,
                TLS_IFAVAILABLE_FALLBACK,
                TLS_FALLBACK_ALWAYS_NEW_CONNECTION,
                TLS_CERTIFICATE,
                TLS_KEY,
                TLS_CIPHERS,
                TLSV13_CIPHERSUITES,
                TLS_PROTOCOLS,
                GATEWAY,
                ROUTES,
                REMOTE_SMTP_PORT,
                DELIVERY_METHOD,
                XCLIENT,
                LMTP_PORT,
                EHLO_HOSTNAME,
                BIND_ADDRESS,
                MAX_OUTBOUND_CONNECTIONS,
                SERVER_MAX_OUTBOUND_CONNECTIONS,
                OUTBOUND_THROTTLE_MESSAGES,
                OUTBOUND_THROTTLE_CONNECTIONS,
                MAX_RECIPIENTS_PER_CONNECTION,
                MAX_DELIVERIES_PER_CONNECTION,
                MAX_RECIPIENTS_PER_BATCH,
                SEND_8BITMIME,
                OUTBOUND_CHUNKING,
                OUTBOUND_PIPELINING,
                IDLE_TIMEOUT,
                CONNECT_TIMEOUT,
                EHLO_TIMEOUT,
                MAILFROM_TIMEOUT,
                RCPTTO_TIMEOUT,
                BODY_TIMEOUT,
                RSET_TIMEOUT,
                AUTH_TIMEOUT,
                HOST_FAILURE_RETRY,
                MX_FAILURES_TO_DELAY,
                CONNECT_TIMEOUT_TO_DELAY,
                MIGRATE_CONNECTIONS_BETWEEN_SIBLING_DOMAINS,
                RETRY_INTERVAL,
                MAX_RETRY_INTERVAL,
                MESSAGE_EXPIRATION,
                MAX_RETRIES,
                NEVER_RETRY,
                NEVER_ATTEMPT_EXPIRED_MESSAGES,
                BLACKHOLE,
                SUSPEND_DELIVERY,
                GENERATE_BOUNCES,
                GENERATE_DELAY_DSN,
                DSN_THROTTLE,
                DELAY_DSN_RETRY_INTERVAL,
                DELAY_DSN_MAX_RETRY_INTERVAL,
                RESPONSE_TRANSCODE_PATTERN,
                RESPONSE_TRANSCODE_REPLACE,
                USE_IPV6,
                PREFER_IPV6_MXS,
                PROHIBITED_HOSTS,
                EXCLUDE_VCTX_MESS,
                KEEP_MESSAGE_DICTS_IN_MEMORY,
                TRANSCRIPT_FILE,
                AUDIT_LOG,
                AUDIT_LOG_SIZE);
    }

    private static Setting<Duration> timeout(String name, long seconds, String summary) {
        return Setting.of(name, SettingType.seconds(1, 86_400), Duration.ofSeconds(seconds), summary);
    }
}
