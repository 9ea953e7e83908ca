// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import org.postern.spi.credential.Validity;

/** Leave for one login. The first result counts; closing without one means {@link #abandoned()}. Safe for many threads. */
public interface LoginPermit extends AutoCloseable {

    /**
     * What the peer said, or what happened instead: to be shown to an operator.
     *
     * @param validity of the credential that was used
     */
    void said(String reply, Validity validity);

    /** The peer accepted the credential: the breaker closes. */
    void succeeded();

    /** The peer refused the credential for good (535 and other final 5xx): the breaker opens, or stays open longer. */
    void refused();

    /** The peer refused for now (432, 454, 421, 4xx), or the connection was lost after the credential had been sent. */
    void failedTransiently();

    /** No credential was sent after all. */
    void abandoned();

    /** {@link #abandoned()} unless something else was said. */
    @Override
    void close();
}
