// SPDX-License-Identifier: Apache-2.0
/**
 * Accounts in databases. {@link org.postern.credential.jdbc.JdbcStore} answers; {@link org.postern.credential.jdbc.Accounts}
 * is one stanza with one query; {@code AccountReader} makes a credential of a row.
 */
package org.postern.credential.jdbc;
