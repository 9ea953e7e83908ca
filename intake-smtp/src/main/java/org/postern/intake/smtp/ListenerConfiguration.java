// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.RawValue;
import org.postern.spi.settings.Setting;

/**
 * What a configuration dictionary asks for.
 *
 * @param listeners the listeners that can be opened
 * @param problems one line for each that cannot, naming listener and option
 */
record ListenerConfiguration(List<ListenSettings> listeners, List<String> problems) {

    private static final String INNER = "listen";
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9._-]{1,255}|\\[[A-Za-z0-9.:]{2,64}]");

    ListenerConfiguration {
        listeners = List.copyOf(listeners);
        problems = List.copyOf(problems);
    }

    static ListenerConfiguration read(Map<String, ?> properties) {
        List<ListenSettings> listeners = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String name : names(properties.get(INNER))) {
            try {
                listeners.add(new Stanza(name, properties).read());
            } catch (InvalidValueException wrong) {
                problems.add(ListenerOptions.STANZA + ", Listen \"" + name + "\": " + wrong.getMessage());
            }
        }
        if (listeners.isEmpty() && problems.isEmpty()) {
            problems.add(ListenerOptions.STANZA + ": has no Listen inside, so nothing listens");
        }
        return new ListenerConfiguration(listeners, problems);
    }

    private static List<String> names(Object value) {
        return switch (value) {
            case String[] several -> List.of(several);
            case String one -> List.of(one);
            case null, default -> List.of();
        };
    }

    private record Stanza(String name, Map<String, ?> properties) {

        ListenSettings read() throws InvalidValueException {
            return new ListenSettings(
                    ListenAddress.parse(name),
                    relayHosts(),
                    limits(),
                    hostname(),
                    value(ListenerOptions.ADD_RECEIVED),
                    defaultBinding(),
                    value(ListenerOptions.HONOUR_X_BINDING));
        }

        private RelayHosts relayHosts() throws InvalidValueException {
            List<String> words = value(ListenerOptions.RELAY_HOSTS);
            try {
                return RelayHosts.parse(words);
            } catch (InvalidValueException wrong) {
                throw new InvalidValueException(ListenerOptions.RELAY_HOSTS + " " + wrong.getMessage());
            }
        }

        private Limits limits() throws InvalidValueException {
            return new Limits(
                    value(ListenerOptions.MAX_MESSAGE_SIZE),
                    count(ListenerOptions.MAX_RECIPIENTS),
                    count(ListenerOptions.MAX_CONNECTIONS),
                    count(ListenerOptions.MAX_CONNECTIONS_PER_PEER),
                    count(ListenerOptions.MAX_LINE_LENGTH),
                    count(ListenerOptions.MAX_TEXT_LINE),
                    count(ListenerOptions.MAX_RECEIVED),
                    count(ListenerOptions.MAX_ERRORS),
                    value(ListenerOptions.COMMAND_TIMEOUT),
                    value(ListenerOptions.DATA_TIMEOUT),
                    value(ListenerOptions.MINIMUM_DATA_RATE));
        }

        private int count(Setting<Long> setting) throws InvalidValueException {
            return Math.toIntExact(value(setting));
        }

        private Optional<String> defaultBinding() throws InvalidValueException {
            Object raw = raw(ListenerOptions.DEFAULT_BINDING);
            return raw == null
                    ? Optional.empty()
                    : Optional.of(read(ListenerOptions.DEFAULT_BINDING, raw)).filter(name -> !name.isEmpty());
        }

        private String hostname() throws InvalidValueException {
            Object raw = raw(ListenerOptions.BANNER_HOSTNAME);
            String hostname = raw == null ? ownName() : read(ListenerOptions.BANNER_HOSTNAME, raw);
            if (!HOST_NAME.matcher(hostname).matches()) {
                throw new InvalidValueException(
                        ListenerOptions.BANNER_HOSTNAME + " must be a host name or an address in brackets");
            }
            return hostname;
        }

        private static String ownName() {
            try {
                String name = InetAddress.getLocalHost().getHostName();
                return HOST_NAME.matcher(name).matches() ? name : "localhost";
            } catch (UnknownHostException nameless) {
                return "localhost";
            }
        }

        private <T> T value(Setting<T> setting) throws InvalidValueException {
            Object raw = raw(setting);
            return raw == null ? setting.defaultValue().orElseThrow() : read(setting, raw);
        }

        private Object raw(Setting<?> setting) {
            Object inner = properties.get(INNER + "/" + name + "/" + setting.key());
            return inner != null ? inner : properties.get(setting.key());
        }

        private static <T> T read(Setting<T> setting, Object raw) throws InvalidValueException {
            try {
                return setting.read(rawValue(raw)).orElseThrow();
            } catch (InvalidValueException wrong) {
                throw new InvalidValueException(setting + " " + wrong.getMessage());
            }
        }

        private static RawValue rawValue(Object raw) {
            return raw instanceof String[] items
                    ? new RawValue.Array(List.of(items))
                    : new RawValue.Scalar(String.valueOf(raw));
        }
    }
}
