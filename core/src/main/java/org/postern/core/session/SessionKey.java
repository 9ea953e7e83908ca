// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import org.postern.core.smtp.Protocol;
import org.postern.core.smtp.TlsPolicy;
import org.postern.core.smtp.Xclient;
import org.postern.spi.credential.AuthIdentity;

/**
 * What makes two sessions different. A message rides only a session whose key equals its own, so it can never go out
 * under another identity, another version of a credential, a weaker TLS policy or as that of another
 * client.
 *
 * @param host the peer's name as configured or securely found
 * @param port the peer's port
 * @param implicitTls whether TLS starts at once
 * @param source the address the session comes from, where the configuration names one
 * @param ehloName the name that the session introduces itself by
 * @param tls what TLS has to be like
 * @param protocol how it speaks
 * @param identity as whom the session is authenticated; empty for a session that is not
 * @param xclient whose messages the peer is told that the session is for, where it is told
 * @param only whose mail alone may ride it; empty where all may whose key is otherwise the same
 */
public record SessionKey(
        String host,
        int port,
        boolean implicitTls,
        Optional<InetAddress> source,
        String ehloName,
        TlsPolicy tls,
        Protocol protocol,
        Optional<AuthIdentity> identity,
        Optional<Xclient> xclient,
        Optional<Opener> only) {

    /** @throws NullPointerException if a part is missing */
    public SessionKey {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(ehloName, "ehloName");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(protocol, "protocol");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(xclient, "xclient");
        Objects.requireNonNull(only, "only");
    }

    /** Name and port. */
    public String peer() {
        return host + ":" + port;
    }
}
