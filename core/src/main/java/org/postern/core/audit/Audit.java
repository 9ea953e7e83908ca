// SPDX-License-Identifier: Apache-2.0
package org.postern.core.audit;

/** Takes what has to be told. Returns at once and never fails. Threading: safe for many threads. */
@FunctionalInterface
public interface Audit {

    /** Tells nobody. */
    Audit NONE = event -> {};

    /** Something happened. */
    void record(AuditEvent event);
}
