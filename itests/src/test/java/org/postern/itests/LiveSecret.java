// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** A password of the user {@code carol} that others than Postern write. */
interface LiveSecret {

    /** The stanza of the store that it is in. */
    String stanza();

    /** The key of the secret in that store. */
    String key();

    /** Writes it. */
    void set(String password) throws Exception;

    /** Has the mail of a domain use this secret. */
    default String domain(String name) {
        return "Domain \"" + name + "\" { Outbound_SMTP_AUTH_Key = \"" + key() + "\" }\n";
    }

    static FileAttribute<?> permissions(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
