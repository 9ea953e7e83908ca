// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

/**
 * What of a message a {@link CredentialStore} may be told beside the key, for stores whose paths or queries depend on it.
 * Every attribute makes more distinct questions, and so more lookups: a store asks for what it needs only.
 */
public enum LookupAttribute {
    /** The name of the binding group; absent where the binding belongs to none. */
    BINDING_GROUP,
    /** The name of the binding. */
    BINDING,
    /** The routing domain, in lower case, as A-labels. */
    DOMAIN,
    /** The address of MAIL FROM (RFC 5321 section 4.1.1.2) without angle brackets; empty for the null reverse-path. */
    SENDER
}
