// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.itests.Instance.eventually;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.postern.launcher.container.Assembly;
import org.postern.launcher.container.Container;
import org.postern.launcher.container.ContainerPlan;
import org.postern.launcher.container.Services;
import org.postern.peer.CertificateVariant;
import org.postern.peer.MailPeer;
import org.postern.peer.TestAuthority;

/** Bundles come and go by their jars in a folder; and the engine itself is replaced with all who are wired to it. */
@Timeout(120)
class DropFolderIT {

    private static final String LOGIN = "org.postern.auth.login";
    private static final String CORE = "org.postern.core";

    @TempDir
    private Path folder;

    private MailPeer peer;
    private Container container;
    private int sent;

    @BeforeEach
    void start() throws Exception {
        TestAuthority authority = TestAuthority.create();
        authority.writeRootPem(folder.resolve("ca.pem"));
        peer = MailPeer.builder()
                .startTls(authority.issue(CertificateVariant.GOOD))
                .requireTls()
                .mechanisms("LOGIN")
                .requireAuth()
                .account("bob", "builder")
                .start();
        Path dropFolder = Files.createDirectory(folder.resolve("bundles"));
        container = Container.start(plan(configuration(), dropFolder));
        eventually(() -> !listeners().isEmpty());
    }

    private Path configuration() throws IOException {
        return Files.writeString(folder.resolve("postern.conf"), """
                ESMTP_Listener { Listen "127.0.0.1:0" {} }
                Spool_Local { }
                TLS_CA = "ca.pem"
                Max_Deliveries_Per_Connection = 1
                Domain "peer.example" {
                  Routes = ( "smtp://localhost:%d" )
                  TLS = "required"
                  TLS_Verify = "host"
                  Outbound_SMTP_AUTH_Type = "LOGIN"
                  Outbound_SMTP_AUTH_User = "bob"
                  Outbound_SMTP_AUTH_Pass = "builder"
                }
                """.formatted(peer.port()));
    }

    private ContainerPlan plan(Path configuration, Path dropFolder) throws IOException {
        Path state = Files.createDirectory(folder.resolve("state"));
        return new ContainerPlan(
                Assembly.of(Path.of(System.getProperty("postern.home"))),
                state.resolve("cache"),
                Optional.of(dropFolder),
                Map.of("postern.conf", configuration.toString(), "postern.state", state.toString()));
    }

    @AfterEach
    void stop() {
        assertThat(container.stop(Duration.ofSeconds(40))).isTrue();
        peer.close();
    }

    private List<String> listeners() {
        return new Services(container.context()).listeners();
    }

    private void deliver() throws IOException {
        String address = listeners().getFirst();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        byte[] content = ("Subject: " + sent + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Courier courier = new Courier(port)) {
            courier.send("s@example.org", List.of("x@peer.example"), content);
        }
        sent++;
        eventually(() -> peer.messageCount() == sent);
    }

    /** The versions of this bundle that run. */
    private List<Version> running(String name) {
        return Arrays.stream(container.context().getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()) && bundle.getState() == Bundle.ACTIVE)
                .map(Bundle::getVersion)
                .toList();
    }

    private Bundle bundle(String name) {
        return Arrays.stream(container.context().getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void installsUpdatesAndRemovesAMechanismByItsJar() throws Exception {
        Version shipped = running(LOGIN).getFirst();
        deliver();

        drop("7.0.0");
        eventually(() -> running(LOGIN).equals(List.of(new Version("7.0.0"))));
        deliver();

        drop("7.1.0");
        eventually(() -> running(LOGIN).equals(List.of(new Version("7.1.0"))));
        deliver();

        Files.delete(folder.resolve("bundles/login.jar"));
        eventually(() -> running(LOGIN).equals(List.of(shipped)));
        deliver();
        assertThat(peer.failedLogins()).isZero();
    }

    @Test
    void leavesWhatRunsAloneWhereTheJarIsNone() throws Exception {
        Version shipped = running(LOGIN).getFirst();
        Files.writeString(folder.resolve("bundles/broken.jar"), "this is no jar");
        drop("7.0.0");
        eventually(() -> running(LOGIN).equals(List.of(new Version("7.0.0"))));
        deliver();
        Files.delete(folder.resolve("bundles/login.jar"));
        eventually(() -> running(LOGIN).equals(List.of(shipped)));
        deliver();
    }

    // The shipped jar under another version, put in place in one go as installers do.
    private void drop(String version) throws IOException {
        Path fresh = folder.resolve("login.jar");
        try (JarInputStream in = new JarInputStream(Files.newInputStream(Instance.jar(LOGIN)));
                OutputStream file = Files.newOutputStream(fresh)) {
            Manifest manifest = in.getManifest();
            manifest.getMainAttributes().putValue(Constants.BUNDLE_VERSION, version);
            copy(in, new JarOutputStream(file, manifest));
        }
        Files.move(fresh, folder.resolve("bundles/login.jar"), ATOMIC_MOVE, REPLACE_EXISTING);
    }

    private static void copy(JarInputStream in, JarOutputStream out) throws IOException {
        try (out) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                out.putNextEntry(new JarEntry(entry.getName()));
                in.transferTo(out);
            }
        }
    }

    @Test
    void replacesTheEngineAndLeavesNothingOfTheOldOne() throws Exception {
        deliver();
        Map<String, Integer> threads = LiveThreads.ofPostern(folder);
        assertThat(threads).isNotEmpty();
        List<WeakReference<ClassLoader>> old = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            old.add(new WeakReference<>(bundle(CORE).adapt(BundleWiring.class).getClassLoader()));
            updateAndRefresh();
            eventually(() -> !listeners().isEmpty());
            deliver();
        }
        eventually(() -> {
            System.gc();
            return old.stream().allMatch(loader -> loader.refersTo(null));
        });
        eventually(() -> LiveThreads.ofPostern(folder).entrySet().stream()
                .allMatch(now -> now.getValue() <= threads.getOrDefault(now.getKey(), 0)));
    }

    private void updateAndRefresh() throws Exception {
        Bundle core = bundle(CORE);
        try (InputStream jar = Files.newInputStream(Instance.jar(CORE))) {
            core.update(jar);
        }
        CountDownLatch wired = new CountDownLatch(1);
        container
                .context()
                .getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkWiring.class)
                .refreshBundles(List.of(core), event -> wired.countDown());
        assertThat(wired.await(40, TimeUnit.SECONDS)).isTrue();
    }
}
