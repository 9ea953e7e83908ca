// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.util.List;
import java.util.stream.Collectors;
import org.postern.launcher.container.BundleView;
import org.postern.launcher.container.Container;
import org.postern.launcher.container.Services;

/** What an operator wants to know at a glance when the relay is ready. */
final class Banner {

    private static final String OWN = "org.postern.";

    private final Container container;
    private final Instance instance;
    private final DropFolderChoice dropped;
    private final Terminal terminal;

    Banner(Container container, Instance instance, DropFolderChoice dropped, Terminal terminal) {
        this.container = container;
        this.instance = instance;
        this.dropped = dropped;
        this.terminal = terminal;
    }

    void print() {
        Services services = new Services(container.context());
        terminal.out().println(terminal.bold("Postern " + BuildInfo.VERSION) + " is ready.");
        line("configuration", instance.configuration().toString());
        line("state", instance.state().toString());
        line("listens on", String.join(", ", services.listeners()));
        line("mechanisms", none(services.mechanisms()));
        line("bundles", bundles());
        line("drop folder", dropped.note());
        line("process", ProcessHandle.current().pid() + " (TERM finishes and ends, HUP reads the configuration again)");
        terminal.out().flush();
    }

    private void line(String label, String value) {
        terminal.out().printf("  %s %s%n", terminal.faint(String.format("%-14s", label)), value);
    }

    private String bundles() {
        List<BundleView> all = container.bundles();
        String own = all.stream()
                .filter(bundle -> bundle.active() && bundle.name().startsWith(OWN))
                .map(bundle -> bundle.name().substring(OWN.length()) + " " + bundle.version())
                .collect(Collectors.joining(", "));
        long others = all.stream()
                .filter(bundle -> bundle.active() && !bundle.name().startsWith(OWN))
                .count();
        return own + ", and " + others + " libraries";
    }

    private static String none(List<String> words) {
        return words.isEmpty() ? "none" : String.join(", ", words);
    }
}
