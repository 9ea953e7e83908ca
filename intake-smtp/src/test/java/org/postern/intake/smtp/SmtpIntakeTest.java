// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.Dictionary;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The component, with a registry of services that is a map. */
@Timeout(60)
class SmtpIntakeTest {

    private final Map<InetSocketAddress, Dictionary<?, ?>> services = new ConcurrentHashMap<>();
    private final SmtpIntake intake = new SmtpIntake(registry(), java.time.Duration.ZERO);

    @AfterEach
    void closes() {
        intake.close();
        assertThat(services).isEmpty();
    }

    private InetSocketAddress only() {
        assertThat(services).hasSize(1);
        return services.keySet().iterator().next();
    }

    @Test
    void showsWhereItListens() throws IOException {
        intake.configure(Settings.listen("127.0.0.1:0").dictionary());
        InetSocketAddress address = only();
        assertThat(services.get(address).get("postern.listener")).isEqualTo("smtp");
        assertThat(services.get(address).get("postern.listener.address")).isEqualTo("127.0.0.1:" + address.getPort());
        try (RawClient client = RawClient.introduced(address)) {
            client.ask("MAIL FROM:<>", "451 4.3.2");
        }
    }

    @Test
    void doesNotDisturbWhatStaysTheSame() throws IOException {
        intake.configure(Settings.listen("127.0.0.1:0").dictionary());
        try (RawClient client = RawClient.introduced(only())) {
            intake.configure(Settings.listen("127.0.0.1:0", "localhost:0")
                    .with("postern.config.generation", "2")
                    .dictionary());
            assertThat(services).hasSize(2);
            client.ask("NOOP", "250");
        }
    }

    @Test
    void takesTheSamePortAgainWithOtherLimits() throws IOException {
        int port = freePort();
        intake.configure(Settings.listen("127.0.0.1:" + port).dictionary());
        try (RawClient old = RawClient.introduced(only())) {
            intake.configure(Settings.listen("127.0.0.1:" + port)
                    .with("max_message_size", "4096")
                    .dictionary());
            old.expect("421 4.3.2");
        }
        try (RawClient fresh = RawClient.greeted(only())) {
            fresh.send("EHLO c\r\n");
            assertThat(fresh.reply()).contains("250-SIZE 4096");
        }
    }

    @Test
    void opensTheOthersWhereOnePortIsTakenAndOneValueWrong() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            intake.configure(Settings.listen("127.0.0.1:" + taken.getLocalPort(), "127.0.0.1:0", "localhost:0")
                    .with("listen/localhost:0/relay_hosts", "everyone")
                    .dictionary());
            RawClient.introduced(only()).close();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private BundleContext registry() {
        return proxy(BundleContext.class, (method, arguments) -> {
            assertThat(method).isEqualTo("registerService");
            assertThat(arguments[0]).isEqualTo(SocketAddress.class);
            InetSocketAddress address = (InetSocketAddress) arguments[1];
            services.put(address, (Dictionary<?, ?>) arguments[2]);
            return proxy(ServiceRegistration.class, (unregister, none) -> services.remove(address));
        });
    }

    private interface Call {
        Object answer(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Object answer = call.answer(method.getName(), arguments);
                    return method.getReturnType() == void.class ? null : answer;
                }));
    }
}
