// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.credential.hashicorp.protocol.BootstrapSecret;
import org.postern.credential.hashicorp.protocol.LoginMethod;
import org.postern.credential.hashicorp.protocol.TlsFiles;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.settings.Setting;
import org.postern.spi.text.Printable;

/**
 * Everything that the stanza says.
 *
 * @param addresses one at least
 * @param namespace that everything is in
 * @param tls whom to trust, and what to show
 * @param timeout of one request
 * @param login how Postern proves who it is
 * @param path where secrets are
 * @param versioned whether engines are KV of version 2; nothing to ask the server
 * @param layout which fields are what
 * @param pollInterval how often secrets in use are looked at
 */
record Connection(
        List<URI> addresses,
        Optional<String> namespace,
        TlsFiles tls,
        Duration timeout,
        LoginMethod login,
        SecretPath path,
        Optional<Boolean> versioned,
        CredentialLayout layout,
        Duration pollInterval) {

    private static final Path KUBERNETES_TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

    /**
     * What the stanza describes.
     *
     * @throws IllegalArgumentException if the stanza is incomplete or contradicts itself; the text says how
     */
    static Connection read(Map<String, ?> properties, Map<String, String> environment) {
        Written written = new Written(properties);
        return new Connection(
                addresses(written),
                namespace(written),
                tls(written),
                seconds(written, HashicorpConfiguration.REQUEST_TIMEOUT),
                login(written, environment),
                path(written),
                versioned(written),
                new CredentialLayout(
                        written.words(HashicorpConfiguration.USER_FIELD),
                        written.words(HashicorpConfiguration.PASSWORD_FIELD),
                        written.words(HashicorpConfiguration.MECHANISM_FIELD),
                        written.words(HashicorpConfiguration.HOSTS_FIELD),
                        written.words(HashicorpConfiguration.NEXT_USER_FIELD),
                        written.words(HashicorpConfiguration.NEXT_PASSWORD_FIELD)),
                seconds(written, HashicorpConfiguration.POLL_INTERVAL));
    }

    private static List<URI> addresses(Written written) {
        boolean plain = written.flag(HashicorpConfiguration.ALLOW_PLAIN_HTTP);
        List<URI> addresses = written.words(HashicorpConfiguration.ADDRESS).stream()
                .map(text -> written.address(HashicorpConfiguration.ADDRESS, text, plain))
                .toList();
        if (addresses.isEmpty()) {
            throw Written.wrong("needs Address, such as https://vault.example.net:8200");
        }
        return addresses;
    }

    /** It travels in a header. */
    private static Optional<String> namespace(Written written) {
        Optional<String> namespace = written.value(HashicorpConfiguration.NAMESPACE);
        if (namespace.isPresent() && !namespace.get().chars().allMatch(c -> c > ' ' && c < 127)) {
            throw Written.wrong("has a Namespace with a space or a character beyond ASCII");
        }
        return namespace;
    }

    private static TlsFiles tls(Written written) {
        Optional<Path> certificate = written.path(HashicorpConfiguration.CLIENT_CERTIFICATE_FILE);
        Optional<Path> key = written.path(HashicorpConfiguration.CLIENT_KEY_FILE);
        if (certificate.isPresent() != key.isPresent()) {
            throw Written.wrong("needs Client_Certificate_File and Client_Key_File together");
        }
        return new TlsFiles(
                written.path(HashicorpConfiguration.CA_FILE),
                certificate.map(file -> new TlsFiles.Identity(file, key.orElseThrow())));
    }

    private static Duration seconds(Written written, Setting<Duration> option) {
        return written.value(option)
                .map(text -> Duration.ofSeconds(Long.parseLong(text.strip())))
                .or(option::defaultValue)
                .orElseThrow();
    }

    private static LoginMethod login(Written written, Map<String, String> environment) {
        String method = written.orDefault(HashicorpConfiguration.AUTH);
        String mount = written.value(HashicorpConfiguration.AUTH_MOUNT).orElse(method);
        boolean wrapped = written.flag(HashicorpConfiguration.WRAPPED);
        return switch (method) {
            case "approle" ->
                new LoginMethod.AppRole(
                        mount,
                        written.needed(HashicorpConfiguration.ROLE_ID, ", because its Auth is approle"),
                        secretId(written, environment),
                        wrapped);
            case "kubernetes" -> statement(written, environment, mount, ", because its Auth is kubernetes");
            case "jwt" ->
                new LoginMethod.SignedStatement(
                        mount,
                        written.value(HashicorpConfiguration.ROLE).orElse(""),
                        jwt(written, environment)
                                .orElseThrow(() -> Written.wrong(
                                        "needs Jwt_File, Jwt_Env or Jwt_Credential, because its Auth is jwt")));
            case "cert" -> certificate(written, mount);
            default ->
                new LoginMethod.GivenToken(
                        place(
                                        written,
                                        environment,
                                        HashicorpConfiguration.TOKEN_FILE,
                                        HashicorpConfiguration.TOKEN_ENV,
                                        HashicorpConfiguration.TOKEN_CREDENTIAL,
                                        true)
                                .orElseThrow(() -> Written.wrong(
                                        "needs Token_File, Token_Env or Token_Credential, because its Auth is token")),
                        wrapped);
        };
    }

    private static Optional<BootstrapSecret> secretId(Written written, Map<String, String> environment) {
        return place(
                written,
                environment,
                HashicorpConfiguration.SECRET_ID_FILE,
                HashicorpConfiguration.SECRET_ID_ENV,
                HashicorpConfiguration.SECRET_ID_CREDENTIAL,
                true);
    }

    private static LoginMethod statement(Written written, Map<String, String> environment, String mount, String why) {
        return new LoginMethod.SignedStatement(
                mount,
                written.needed(HashicorpConfiguration.ROLE, why),
                jwt(written, environment).orElseGet(() -> new BootstrapSecret.InFile(KUBERNETES_TOKEN, false)));
    }

    private static LoginMethod certificate(Written written, String mount) {
        written.needed(HashicorpConfiguration.CLIENT_CERTIFICATE_FILE, ", because its Auth is cert");
        return new LoginMethod.ClientCertificate(mount, written.value(HashicorpConfiguration.ROLE));
    }

    /** Not for its owner only: Kubernetes mounts the statements of service accounts readable for all of a pod. */
    private static Optional<BootstrapSecret> jwt(Written written, Map<String, String> environment) {
        return place(
                written,
                environment,
                HashicorpConfiguration.JWT_FILE,
                HashicorpConfiguration.JWT_ENV,
                HashicorpConfiguration.JWT_CREDENTIAL,
                false);
    }

    private static Optional<BootstrapSecret> place(
            Written written,
            Map<String, String> environment,
            Setting<String> file,
            Setting<String> variable,
            Setting<String> credential,
            boolean ownerOnly) {
        return written.oneOf(file, variable, credential).map(given -> {
            if (given.equals(file)) {
                return new BootstrapSecret.InFile(written.path(file).orElseThrow(), ownerOnly);
            }
            String name = written.needed(given, "");
            return given.equals(variable)
                    ? new BootstrapSecret.InVariable(name, environment)
                    : new BootstrapSecret.InSystemdCredential(name, environment);
        });
    }

    private static SecretPath path(Written written) {
        Set<LookupAttribute> inKeys = written.words(HashicorpConfiguration.KEY_VARIABLES).stream()
                .map(name -> SecretPath.attribute(name)
                        .orElseThrow(() -> Written.wrong("has Key_Variables with '" + Printable.of(name)
                                + "', and there are only binding_group, binding, domain and sender")))
                .collect(Collectors.toUnmodifiableSet());
        try {
            return new SecretPath(written.orDefault(HashicorpConfiguration.PATH), inKeys);
        } catch (IllegalArgumentException odd) {
            throw Written.wrong(odd.getMessage());
        }
    }

    private static Optional<Boolean> versioned(Written written) {
        return switch (written.orDefault(HashicorpConfiguration.KV_VERSION)) {
            case "1" -> Optional.of(false);
            case "2" -> Optional.of(true);
            default -> Optional.empty();
        };
    }
}
