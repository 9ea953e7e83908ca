// SPDX-License-Identifier: Apache-2.0
/** Where the master key comes from, and the forms a key file may have. */
package org.postern.credential.vault.key;
