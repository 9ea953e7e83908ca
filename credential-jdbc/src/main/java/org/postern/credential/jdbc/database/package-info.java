// SPDX-License-Identifier: Apache-2.0
/** A database and how to ask it. It knows nothing of credentials. */
package org.postern.credential.jdbc.database;
