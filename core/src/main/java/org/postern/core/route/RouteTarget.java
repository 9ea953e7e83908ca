// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.spi.mail.RoutingDomain;

/**
 * A place that an operator wrote down: a gateway, or one of {@code Routes}.
 *
 * @param host a normalised name or an address without brackets; empty for {@code __mx__}
 * @param port the port, where one is written
 * @param implicitTls whether TLS begins with the connection
 * @param preference lower is tried first, where one is written
 * @param byMx whether the host's MX are asked first
 */
record RouteTarget(String host, OptionalInt port, boolean implicitTls, OptionalInt preference, boolean byMx) {

    private static final String OWN_MX = "__mx__";
    private static final int SUBMISSIONS = 465;
    private static final Pattern SCHEME =
            Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<rest>.*)", Pattern.DOTALL);
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?<host>\\[[^\\[\\]\\s]+]|[^\\[\\]:/?@\\s]+)(?::(?<port>[0-9]{1,5}))?");

    /** What an operator wrote is not a place. The text says why. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /** {@code host}, {@code host:port}, an address, {@code [address]:port}, or a URL as {@link #route} has it. */
    static RouteTarget gateway(String written) throws Malformed {
        return place(written.strip(), true);
    }

    /** {@code host}, {@code __mx__}, or a URL {@code smtp://host:port?pref=&port=&type=mx|a}. */
    static RouteTarget route(String written) throws Malformed {
        String text = written.strip();
        if (text.equalsIgnoreCase(OWN_MX)) {
            return new RouteTarget("", OptionalInt.empty(), false, OptionalInt.empty(), true);
        }
        return place(text, false);
    }

    private static RouteTarget place(String text, boolean byMx) throws Malformed {
        Matcher url = SCHEME.matcher(text);
        return url.matches() ? url(url.group("scheme"), url.group("rest"), byMx) : hostAndPort(text, byMx);
    }

    /** Whether TLS begins with the connection at a port for which no scheme says otherwise (RFC 8314 section 7.3). */
    static boolean isImplicitTls(int port) {
        return port == SUBMISSIONS;
    }

    /** Whether this stands for the domain's own MX. */
    boolean isOwnMx() {
        return host.isEmpty();
    }

    private static RouteTarget url(String scheme, String rest, boolean byMx) throws Malformed {
        boolean tls = isTls(scheme);
        int question = rest.indexOf('?');
        String place = question < 0 ? rest : rest.substring(0, question);
        RouteTarget plain = hostAndPort(place.endsWith("/") ? place.substring(0, place.length() - 1) : place, false);
        OptionalInt port = tls && plain.port.isEmpty() ? OptionalInt.of(SUBMISSIONS) : plain.port;
        RouteTarget target = new RouteTarget(plain.host, port, tls, OptionalInt.empty(), byMx);
        for (String parameter :
                question < 0 ? new String[0] : rest.substring(question + 1).split("&")) {
            target = target.with(parameter);
        }
        return target;
    }

    private static boolean isTls(String scheme) throws Malformed {
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "smtp" -> false;
            case "smtps" -> true;
            default -> throw new Malformed("begins with neither smtp:// nor smtps://");
        };
    }

    private RouteTarget with(String parameter) throws Malformed {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0 ? "" : parameter.substring(equals + 1);
        if (value.isEmpty()) {
            return this;
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "port" -> new RouteTarget(host, OptionalInt.of(port(value)), implicitTls, preference, byMx);
            case "pref" -> new RouteTarget(host, port, implicitTls, OptionalInt.of(number(value, 0, 65_535)), byMx);
            case "type" -> new RouteTarget(host, port, implicitTls, preference, isMx(value));
            // The ancestor's lifetime of the entry: nothing here keeps one that long.
            case "ttl" -> this;
            default -> throw new Malformed("has the unknown parameter '" + name + "'");
        };
    }

    private static boolean isMx(String type) throws Malformed {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "mx" -> true;
            case "a" -> false;
            default -> throw new Malformed("has a type that is neither mx nor a");
        };
    }

    private static RouteTarget hostAndPort(String text, boolean byMx) throws Malformed {
        Optional<InetAddress> bare = AddressLiteral.parse(text);
        if (bare.isPresent()) {
            return new RouteTarget(text(bare.get()), OptionalInt.empty(), false, OptionalInt.empty(), byMx);
        }
        Matcher matcher = HOST_AND_PORT.matcher(text);
        if (!matcher.matches()) {
            throw new Malformed("is neither a host, nor an address, nor either of them with :port");
        }
        String port = matcher.group("port");
        OptionalInt number = port == null ? OptionalInt.empty() : OptionalInt.of(port(port));
        boolean tls = number.isPresent() && isImplicitTls(number.getAsInt());
        return new RouteTarget(host(matcher.group("host")), number, tls, OptionalInt.empty(), byMx);
    }

    private static String host(String written) throws Malformed {
        Optional<InetAddress> address = AddressLiteral.parse(written);
        if (address.isPresent()) {
            return text(address.get());
        }
        if (written.startsWith("[")) {
            throw new Malformed("has no address inside its brackets");
        }
        return RoutingDomain.of(written).name();
    }

    /** Without the scope that Java appends to some addresses. */
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address && text.indexOf('%') >= 0 ? text.substring(0, text.indexOf('%')) : text;
    }

    private static int port(String digits) throws Malformed {
        return number(digits, 1, 65_535);
    }

    private static int number(String digits, int least, int most) throws Malformed {
        try {
            int value = Integer.parseInt(digits);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // The same answer as for a number out of bounds.
        }
        throw new Malformed("has '" + digits + "' where a number from " + least + " to " + most + " belongs");
    }
}
