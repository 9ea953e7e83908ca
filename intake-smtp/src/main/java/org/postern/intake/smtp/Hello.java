// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

/**
 * What the peer said of itself.
 *
 * @param name its argument to EHLO or HELO, not trusted
 * @param extended whether it said EHLO
 */
record Hello(String name, boolean extended) {}
