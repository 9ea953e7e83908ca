// SPDX-License-Identifier: Apache-2.0
/** Credentials in HashiCorp Vault and OpenBao: what the stanza says, and the secrets that have been asked for. */
package org.postern.credential.hashicorp;
