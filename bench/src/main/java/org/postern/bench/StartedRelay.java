// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A relay whose first process is a child of this one, with a folder, a port and a log of its own. Used by one thread. */
abstract class StartedRelay implements Relay {

    private final String name;
    private final String version;
    private final Path folder;
    private final String log;
    private int port;
    private Process process;

    /**
     * @param name what the table calls it
     * @param folder for all that it has
     * @param log the file in there for what its processes say
     */
    StartedRelay(String name, String version, Path folder, String log) {
        this.name = name;
        this.version = version;
        this.folder = folder;
        this.log = log;
    }

    /** Lays out configuration and queue in the empty folder. Returns the command that starts it there. */
    abstract ProcessBuilder prepare() throws IOException, InterruptedException;

    /** Ends the first process and all that belong to it. */
    void end(Process first) throws InterruptedException {
        ProcessTree.end(first);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String version() {
        return version;
    }

    @Override
    public final int port() {
        return port;
    }

    final Path folder() {
        return folder;
    }

    @Override
    public final void start() throws IOException, InterruptedException {
        Folders.fresh(folder);
        port = Ports.free();
        process = prepare()
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile())
                .start();
    }

    @Override
    public final Optional<ProcessTree> processes() {
        return Optional.ofNullable(process).map(Process::toHandle).map(ProcessTree::new);
    }

    @Override
    public final void stop() throws InterruptedException {
        if (process != null) {
            end(process);
            process = null;
        }
    }
}
