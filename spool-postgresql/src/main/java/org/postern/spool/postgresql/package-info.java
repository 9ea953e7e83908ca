// SPDX-License-Identifier: Apache-2.0
/**
 * A spool in PostgreSQL that any number of processes share. A message belongs to one of them, its holder, until it is
 * settled; a process that does not renew its lease loses what it held to the others. Read {@link
 * org.postern.spool.postgresql.Schema} for the tables, {@link org.postern.spool.postgresql.NodeLease} for who lives, {@link
 * org.postern.spool.postgresql.Holding} for who holds what, {@link org.postern.spool.postgresql.PostgresqlSpool} for what the
 * engine asks.
 */
package org.postern.spool.postgresql;
