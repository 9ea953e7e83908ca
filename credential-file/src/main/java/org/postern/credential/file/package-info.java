// SPDX-License-Identifier: Apache-2.0
/**
 * Secrets that lie in files, as Kubernetes, Docker and systemd mount them. {@link org.postern.credential.file.FileStore}
 * answers; a {@code WatchedSecret} follows one key; {@code SecretFolders} finds its files, and {@code SecretReader} reads
 * them.
 */
package org.postern.credential.file;
