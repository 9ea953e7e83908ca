// SPDX-License-Identifier: Apache-2.0
/** The SMTP client (RFC 5321): one blocking session with one peer, what it says and what it is told. */
package org.postern.core.smtp;
