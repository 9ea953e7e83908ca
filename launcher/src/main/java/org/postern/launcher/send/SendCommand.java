// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.send;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.postern.launcher.LogLevel;
import org.postern.launcher.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verb {@code send}: hands the message on standard input to a relay. */
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        description =
                "Hands the message on standard input (RFC 5322) to a relay, as sendmail does. A Date, a Message-ID"
                        + " and a From are added where they are missing.",
        exitCodeOnInvalidInput = SysExit.USAGE,
        exitCodeListHeading = "%nExit codes (as of sysexits.h):%n",
        exitCodeList = {
            " 0:the relay has the message; its reply is on standard output",
            "64:the command line is wrong, or there is no recipient",
            "65:an address or the message itself is wrong",
            "69:the relay refused for good",
            "74:standard input or the temporary folder cannot be read or written",
            "75:the relay cannot be reached or refused for now"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postern send -t < message.eml",
            "  printf 'Subject: hello\\n\\nIt works.\\n' | postern send -f me@example.com you@example.org",
            "  POSTERN_SERVER=127.0.0.1:2526 postern send -t < message.eml"
        })
public final class SendCommand implements Callable<Integer> {

    private static final String DEFAULT_SERVER = "127.0.0.1:2525";
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME;

    private final Terminal terminal;
    private final Map<String, String> environment;

    @Option(
            names = {"-f", "-r", "--from"},
            paramLabel = "ADDRESS",
            description = "The envelope sender, also where no From is in the message; <> for none.")
    private Optional<String> from;

    @Option(names = "-t", description = "Takes further recipients from To, Cc and Bcc, and removes Bcc.")
    private boolean fromHeader;

    @Option(
            names = {"-i", "-oi"},
            description = "A line of one dot is not the end of the message.")
    private boolean dotIsText;

    @Option(
            names = {"-o", "-B", "-F", "-N", "-R", "-O", "-X", "-L"},
            arity = "1",
            hidden = true,
            description = "Taken for the sake of callers that know sendmail, and without effect.")
    private List<String> ignored = new ArrayList<>();

    @Option(
            names = {"-bm", "-G", "-n", "-v", "-U", "-m", "-em", "-om"},
            hidden = true,
            description = "Taken for the sake of callers that know sendmail, and without effect.")
    private boolean[] ignoredFlags = {};

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "The relay; else what POSTERN_SERVER says, else " + DEFAULT_SERVER + ".")
    private Optional<String> server;

    @Parameters(paramLabel = "RECIPIENT", description = "Addresses to send to.")
    private List<String> recipients = new ArrayList<>();

    /** With this terminal and environment. */
    public SendCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() {
        LogLevel.quiet(0);
        try {
            terminal.out().println(submit());
            return SysExit.OK;
        } catch (SendException e) {
            return failed(e.exitCode(), e.getMessage());
        } catch (IllegalArgumentException e) {
            return failed(SysExit.DATAERR, e.getMessage());
        } catch (IOException e) {
            return failed(SysExit.IOERR, e.getMessage());
        }
    }

    private int failed(int code, String reason) {
        terminal.err().println(terminal.bad("postern send: ") + reason);
        return code;
    }

    private String submit() throws IOException, SendException {
        InetSocketAddress relay = relay();
        if (recipients.isEmpty() && !fromHeader) {
            throw new SendException(SysExit.USAGE, "no recipient: name one, or take them from the message with -t");
        }
        try (Letter letter = Letter.read(terminal.in(), !dotIsText)) {
            MailEnvelope envelope = new MailEnvelope(sender(letter.header()), everyRecipient(letter.header()));
            complete(letter.header(), envelope.sender());
            return handOver(relay, envelope, letter);
        }
    }

    private String handOver(InetSocketAddress relay, MailEnvelope envelope, Letter letter) throws SendException {
        try (SubmissionClient client = new SubmissionClient(relay)) {
            return client.send(envelope, letter);
        } catch (IOException e) {
            String where = relay.getHostString() + ":" + relay.getPort();
            throw new SendException(SysExit.TEMPFAIL, where + ": " + e.getMessage());
        }
    }

    private InetSocketAddress relay() throws SendException {
        String text = server.orElse(environment.getOrDefault("POSTERN_SERVER", DEFAULT_SERVER));
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
        String port = text.substring(colon + 1);
        boolean right = !host.isEmpty() && port.matches("[0-9]{1,5}") && Integer.parseInt(port) < 65_536;
        if (!right) {
            throw new SendException(SysExit.USAGE, "the server must be HOST:PORT, not " + text);
        }
        InetSocketAddress relay = new InetSocketAddress(host, Integer.parseInt(port));
        if (relay.isUnresolved()) {
            throw new SendException(SysExit.TEMPFAIL, "there is no host " + host);
        }
        return relay;
    }

    private List<String> everyRecipient(MessageHeader header) throws SendException {
        Set<String> all = new LinkedHashSet<>();
        recipients.forEach(argument -> all.addAll(AddressList.parse(argument)));
        if (fromHeader) {
            for (String field : List.of("To", "Cc", "Bcc")) {
                header.values(field).forEach(value -> all.addAll(AddressList.parse(utf8(value))));
            }
            header.remove("Bcc");
        }
        if (all.isEmpty()) {
            throw new SendException(SysExit.USAGE, "no recipient in the message");
        }
        return all.stream().map(SendCommand::qualified).toList();
    }

    private String sender(MessageHeader header) {
        if (from.isPresent()) {
            List<String> given = AddressList.parse(from.get());
            return given.isEmpty() ? "" : qualified(given.getFirst());
        }
        return header.values("From").stream()
                .flatMap(value -> AddressList.parse(utf8(value)).stream())
                .findFirst()
                .map(SendCommand::qualified)
                .orElseGet(() -> qualified(System.getProperty("user.name", "nobody")));
    }

    private static void complete(MessageHeader header, String sender) {
        if (!header.has("From")) {
            String author = sender.isEmpty() ? qualified("MAILER-DAEMON") : sender;
            header.add("From", octets(author));
        }
        if (!header.has("Date")) {
            header.add("Date", DATE.format(ZonedDateTime.now()));
        }
        if (!header.has("Message-ID")) {
            header.add("Message-ID", "<" + UUID.randomUUID() + "@" + hostName() + ">");
        }
    }

    private static String qualified(String address) {
        return address.isEmpty() || address.contains("@") ? address : address + "@" + hostName();
    }

    private static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getCanonicalHostName();
            return name.matches("[A-Za-z0-9.-]+") ? name : "localhost";
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static String utf8(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
