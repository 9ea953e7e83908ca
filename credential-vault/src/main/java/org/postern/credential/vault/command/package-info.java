// SPDX-License-Identifier: Apache-2.0
/** The operator&#39;s verb {@code vault}: init, set, list and remove. */
package org.postern.credential.vault.command;
