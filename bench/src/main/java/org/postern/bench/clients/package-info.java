// SPDX-License-Identifier: Apache-2.0
/**
 * Delivery alone: one session that is kept, one message after the other, by Postern's own client and by those that Java
 * programs use. Each runs in a process of its own, so that its processor time can be told.
 */
package org.postern.bench.clients;
