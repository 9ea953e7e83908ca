// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postern.credential.oauth.Account.ClientProof;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.Account.Place;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialAccess;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.text.Printable;

/** Reads what an account needs from where it is kept, anew for each request. */
final class AccountSecrets {

    private static final int LARGEST_FILE = 64 * 1024;
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final CredentialAccess access;
    private final Account account;

    AccountSecrets(CredentialAccess access, Account account) {
        this.access = access;
        this.account = account;
    }

    /** What came of reading. */
    sealed interface Reading {

        /** Everything is there. */
        record Complete(KnownSecrets known) implements Reading {}

        /** Something is missing or cannot be used. */
        record Missing(String reason) implements Reading {}

        /** A store cannot say. */
        record Unavailable(String reason) implements Reading {}
    }

    private record Piece(Secret secret, CredentialVersion version) {}

    /** There is no such secret, or it cannot be used. */
    private static final class MissingException extends Exception {

        private static final long serialVersionUID = 1L;

        MissingException(String message) {
            super(message);
        }
    }

    /** The store cannot say. */
    private static final class UnavailableException extends Exception {

        private static final long serialVersionUID = 1L;

        UnavailableException(String message) {
            super(message);
        }
    }

    /** Everything that a request for a token needs. */
    Reading read() throws InterruptedException {
        return read(account.grant());
    }

    /** What proves the client only, for a request that is to bring the rest. */
    Reading readClient() throws InterruptedException {
        return read(new Grant.ClientCredentials());
    }

    private Reading read(Grant right) throws InterruptedException {
        Optional<Piece> client = Optional.empty();
        boolean complete = false;
        try {
            client = client(account.client());
            Optional<Piece> grant = grant(right);
            complete = true;
            String versions = versionOf(client) + " " + versionOf(grant);
            return new Reading.Complete(new KnownSecrets(
                    client.map(Piece::secret), grant.map(Piece::secret), grant.map(Piece::version), versions));
        } catch (MissingException missing) {
            return new Reading.Missing(missing.getMessage());
        } catch (UnavailableException unavailable) {
            return new Reading.Unavailable(unavailable.getMessage());
        } finally {
            if (!complete) {
                client.ifPresent(piece -> piece.secret().close());
            }
        }
    }

    private Optional<Piece> client(ClientProof client)
            throws MissingException, UnavailableException, InterruptedException {
        return switch (client) {
            case ClientProof.None none -> Optional.empty();
            case ClientProof.SharedSecret shared -> Optional.of(stored("client secret", shared.secret()));
            case ClientProof.Signature signature -> Optional.of(kept("signing key", signature.key()));
            case ClientProof.AssertionFile assertion -> Optional.of(file("client assertion", assertion.file(), false));
        };
    }

    private Optional<Piece> grant(Grant grant) throws MissingException, UnavailableException, InterruptedException {
        return switch (grant) {
            case Grant.ClientCredentials own -> Optional.empty();
            case Grant.RefreshToken refresh -> Optional.of(stored("refresh token", refresh.token()));
            case Grant.JwtBearer bearer -> Optional.of(kept("service account's key", bearer.key()));
        };
    }

    private Piece kept(String what, Place place) throws MissingException, UnavailableException, InterruptedException {
        return switch (place) {
            case Place.Store store -> stored(what, store.ref());
            case Place.File file -> file(what, file.path(), true);
        };
    }

    private Piece stored(String what, CredentialRef ref)
            throws MissingException, UnavailableException, InterruptedException {
        return switch (access.lookup(ref)) {
            case Lookup.Found found -> piece(what, ref, found.credential());
            case Lookup.NoSuchCredential none -> throw new MissingException("no " + what + ": " + none.reason());
            case Lookup.StoreUnavailable down -> throw new UnavailableException("no " + what + ": " + down.reason());
        };
    }

    private Piece piece(String what, CredentialRef ref, Credential credential) throws MissingException {
        String host = account.provider().host();
        if (!credential.allowedHosts().isEmpty() && !credential.allowedHosts().contains(host)) {
            credential.close();
            throw new MissingException("no " + what + ": '" + Printable.of(ref.key()) + "' may be shown to "
                    + String.join(", ", new TreeSet<>(credential.allowedHosts())) + " only, not to " + host);
        }
        return switch (credential) {
            case PasswordCredential password -> new Piece(password.password(), password.version());
            case BearerToken token -> throw unfit(what, ref, token);
            case IdentityOnly identity -> throw unfit(what, ref, identity);
        };
    }

    private static MissingException unfit(String what, CredentialRef ref, Credential credential) {
        credential.close();
        return new MissingException("no " + what + ": '" + Printable.of(ref.key()) + "' is of kind " + credential.kind()
                + ", which is none");
    }

    private static Piece file(String what, Path path, boolean ownerOnly) throws MissingException, UnavailableException {
        try {
            if (ownerOnly) {
                refuseOpenFile(what, path);
            }
            return octets(what, path);
        } catch (IOException unreadable) {
            throw new UnavailableException("no " + what + ": file " + path + " cannot be read ("
                    + unreadable.getClass().getSimpleName() + ")");
        }
    }

    private static void refuseOpenFile(String what, Path path) throws IOException, MissingException {
        if (!Files.exists(path) || !Files.getFileStore(path).supportsFileAttributeView("posix")) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        if (OTHERS.stream().anyMatch(permissions::contains)) {
            throw new MissingException("no " + what + ": file " + path + " is open to others than its owner ("
                    + PosixFilePermissions.toString(permissions) + "): chmod 600 " + path);
        }
    }

    private static Piece octets(String what, Path path) throws IOException, MissingException {
        String version = path.toRealPath() + "@" + Files.getLastModifiedTime(path);
        // Not an interruptible channel: a lookup that is given up must not look like a broken file.
        try (InputStream in = new FileInputStream(path.toFile())) {
            byte[] octets = in.readNBytes(LARGEST_FILE + 1);
            try {
                if (octets.length == 0 || octets.length > LARGEST_FILE) {
                    throw new MissingException("no " + what + ": file " + path
                            + (octets.length == 0 ? " is empty" : " is larger than " + LARGEST_FILE + " octets"));
                }
                return new Piece(Secret.copyOf(octets), new CredentialVersion(version));
            } finally {
                Arrays.fill(octets, (byte) 0);
            }
        }
    }

    private static String versionOf(Optional<Piece> piece) {
        return piece.map(known -> known.version().value()).orElse("-");
    }
}
