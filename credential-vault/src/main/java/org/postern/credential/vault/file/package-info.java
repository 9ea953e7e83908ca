// SPDX-License-Identifier: Apache-2.0
/** A vault on disk: opened with its key, and replaced atomically under a lock. */
package org.postern.credential.vault.file;
