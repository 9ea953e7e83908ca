// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs verbs for whoever may open a socket in the state directory: its owner, and root. The socket stands in a folder that
 * nobody else may enter, which is made before it, so that there is no moment in which others could connect; and the kernel
 * is asked who the peer is.
 *
 * <p>One request per connection, {@value #AT_ONCE} at once.
 */
public final class ControlSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final int AT_ONCE = 8;
    private static final int BACKLOG = 16;
    private static final String OWNER_ONLY = "rwx------";
    private static final String ROOT = "root";

    private final Path path;
    private final ServerSocketChannel server;
    private final UserPrincipal owner;
    private final VerbRunner verbs;
    private final Duration patience;
    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    private ControlSocket(
            Path path, ServerSocketChannel server, UserPrincipal owner, VerbRunner verbs, Duration patience) {
        this.path = path;
        this.server = server;
        this.owner = owner;
        this.verbs = verbs;
        this.patience = patience;
    }

    /** Where the socket of a state directory is. */
    static Path in(Path state) {
        return state.resolve("control").resolve("socket");
    }

    /**
     * Opens the socket of a state directory that is locked by this process; a socket that is there is left over.
     *
     * @throws IOException if it cannot be opened: no file system with owners, or a path that is too long for a socket
     */
    public static ControlSocket open(Path state, VerbRunner verbs) throws IOException {
        return open(state, verbs, Duration.ofSeconds(5));
    }

    /** @param patience how long a request may take to arrive */
    static ControlSocket open(Path state, VerbRunner verbs, Duration patience) throws IOException {
        Path path = in(state);
        prepare(path.getParent());
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            ControlSocket socket = new ControlSocket(path, server, Files.getOwner(path.getParent()), verbs, patience);
            Thread.ofVirtual().name("postern-control").start(socket::acceptUntilClosed);
            return socket;
        } catch (IOException | RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    private static void prepare(Path folder) throws IOException {
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        } catch (FileAlreadyExistsException there) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(folder + " is in the way: it is no directory", there);
            }
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(OWNER_ONLY));
        } catch (UnsupportedOperationException noOwners) {
            throw new IOException("the file system of " + folder + " knows no owners", noOwners);
        }
    }

    private void acceptUntilClosed() {
        while (server.isOpen()) {
            try {
                SocketChannel peer = server.accept();
                open.add(peer);
                Thread.ofVirtual().name("postern-control-request").start(() -> serve(peer));
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException failed) {
                LOG.warn("control socket: {}", failed.getMessage());
                return;
            }
        }
    }

    private void serve(SocketChannel peer) {
        try (peer) {
            if (!trusted(peer)) {
                LOG.warn("control socket: a peer of another user was turned away");
            } else if (turns.tryAcquire()) {
                try {
                    new ControlSession(peer, verbs, patience).run();
                } finally {
                    turns.release();
                }
            } else {
                ControlSession.refuse(peer, AT_ONCE + " verbs are being run already; try again");
            }
        } catch (IOException gone) {
            LOG.debug("control socket: {}", gone.toString());
        } finally {
            open.remove(peer);
        }
    }

    private boolean trusted(SocketChannel peer) throws IOException {
        try {
            String user =
                    peer.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
            return user.equals(owner.getName()) || user.equals(ROOT);
        } catch (UnsupportedOperationException notHere) {
            // Then the folder, which nobody else may enter, has to be enough.
            return true;
        }
    }

    /** Takes no more requests and cuts off those that run. */
    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
            for (SocketChannel peer : open) {
                peer.close();
            }
        } catch (IOException left) {
            LOG.debug("control socket: {}", left.toString());
        }
    }
}
