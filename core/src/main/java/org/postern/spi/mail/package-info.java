// SPDX-License-Identifier: Apache-2.0
/**
 * The words of mail, as RFC 5321 and RFC 3463 use them: addresses, envelopes, replies, stages and outcomes. All
 * types are immutable values and safe to share between threads.
 */
@Export
@Version("1.2.0")
package org.postern.spi.mail;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
