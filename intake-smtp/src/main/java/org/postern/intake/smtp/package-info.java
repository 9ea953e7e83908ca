// SPDX-License-Identifier: Apache-2.0
/**
 * The SMTP listener: how mail gets in. {@code SmtpIntake} opens one {@code Listener} per {@code Listen} stanza, a
 * {@code Session} talks with one peer, {@code MailDialogue} leads its transactions, and {@code ContentScanner} passes
 * content on to the delivery engine without holding it.
 */
package org.postern.intake.smtp;
