// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.postern.engine.EngineRuntime;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.event.DeliveryListener;
import org.slf4j.LoggerFactory;

/** Everything that a running relay leaves where somebody may read it: the log to its last detail, files, views. */
final class Artefacts implements AutoCloseable {

    private final BundleContext context;
    private final Instance instance;
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level levelBefore = root.getLevel();
    private final Log log = new Log();
    private final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();

    private static final class Log extends AppenderBase<ILoggingEvent> {

        private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLoggerName() + " " + event.getThreadName() + " " + event.getFormattedMessage() + " "
                    + event.getMDCPropertyMap());
            for (var cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
                lines.add(cause.getClassName() + ": " + cause.getMessage());
            }
        }
    }

    /** Collects from now on, at level TRACE. */
    Artefacts(BundleContext context, Instance instance) {
        this.context = context;
        this.instance = instance;
        log.setContext(root.getLoggerContext());
        log.start();
        root.detachAppender("console");
        root.addAppender(log);
        root.setLevel(Level.TRACE);
        DeliveryListener listener = (DeliveryEvent event) -> events.add(event.toString());
        context.registerService(DeliveryListener.class, listener, null);
    }

    @Override
    public void close() {
        root.detachAppender(log);
        root.setLevel(levelBefore);
    }

    /** What can be read as text, by what it is. */
    Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        texts.put("the log at TRACE", String.join("\n", log.lines));
        texts.put("delivery events", String.join("\n", events));
        texts.put("service properties", serviceProperties());
        texts.put("Configuration Admin", configurations());
        texts.put("threads", LiveThreads.dump(instance.directory()));
        texts.put("the engine's views", views(instance.engine()));
        texts.put("MBeans", managedBeans());
        texts.put("system properties", System.getProperties().toString());
        return texts;
    }

    /** Every file that the relay has, but those that may hold a password. */
    List<Path> files(List<Path> exempt) throws IOException {
        List<Path> files = new ArrayList<>();
        Path cache = Path.of(context.getProperty(Constants.FRAMEWORK_STORAGE));
        for (Path folder : List.of(instance.directory(), cache)) {
            try (Stream<Path> found = Files.walk(folder)) {
                found.filter(Files::isRegularFile)
                        .filter(file -> !exempt.contains(file))
                        .forEach(files::add);
            }
        }
        return files;
    }

    private String serviceProperties() {
        StringBuilder text = new StringBuilder();
        for (ServiceReference<?> reference : allReferences()) {
            for (String key : reference.getPropertyKeys()) {
                text.append(key).append('=').append(shown(reference.getProperty(key)));
                text.append('\n');
            }
        }
        return text.toString();
    }

    private List<ServiceReference<?>> allReferences() {
        try {
            return List.of(context.getAllServiceReferences(null, null));
        } catch (InvalidSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String configurations() {
        ServiceReference<ConfigurationAdmin> admin = context.getServiceReference(ConfigurationAdmin.class);
        StringBuilder text = new StringBuilder();
        try {
            for (Configuration one : context.getService(admin).listConfigurations(null)) {
                text.append(one.getPid()).append(shown(one.getProperties())).append('\n');
            }
        } catch (IOException | InvalidSyntaxException unexpected) {
            throw new IllegalStateException(unexpected);
        }
        return text.toString();
    }

    private static String views(EngineRuntime engine) {
        return engine.mechanisms() + "\n" + engine.sessions() + "\n" + engine.queues() + "\n" + engine.counters();
    }

    private static String managedBeans() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        StringBuilder text = new StringBuilder();
        for (ObjectName name : server.queryNames(null, null)) {
            text.append(name).append('\n');
            try {
                String[] readable = Arrays.stream(server.getMBeanInfo(name).getAttributes())
                        .filter(MBeanAttributeInfo::isReadable)
                        .map(MBeanAttributeInfo::getName)
                        .toArray(String[]::new);
                for (Attribute attribute : server.getAttributes(name, readable).asList()) {
                    text.append(shown(attribute.getValue())).append('\n');
                }
            } catch (JMException gone) {
                text.append("gone\n");
            }
        }
        return text.toString();
    }

    private static String shown(Object value) {
        return switch (value) {
            case null -> "null";
            case Object[] several -> Arrays.deepToString(several);
            case byte[] octets -> new String(octets, java.nio.charset.StandardCharsets.ISO_8859_1);
            case char[] characters -> new String(characters);
            case Dictionary<?, ?> dictionary -> shownEntries(dictionary);
            default -> value.toString();
        };
    }

    private static <K> String shownEntries(Dictionary<K, ?> dictionary) {
        StringBuilder text = new StringBuilder();
        for (Enumeration<K> keys = dictionary.keys(); keys.hasMoreElements(); ) {
            K key = keys.nextElement();
            text.append(key).append('=').append(shown(dictionary.get(key))).append(' ');
        }
        return text.toString();
    }
}
