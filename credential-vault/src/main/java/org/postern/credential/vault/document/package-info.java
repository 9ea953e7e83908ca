// SPDX-License-Identifier: Apache-2.0
/** What the XML of a vault means: groups, entries, their history, times and fields. */
package org.postern.credential.vault.document;
