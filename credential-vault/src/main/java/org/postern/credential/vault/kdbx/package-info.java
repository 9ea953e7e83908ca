// SPDX-License-Identifier: Apache-2.0
/** The KDBX 4 file format: headers, key derivation, authenticated blocks, and the XML inside with its protected values. */
package org.postern.credential.vault.kdbx;
