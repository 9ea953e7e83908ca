// SPDX-License-Identifier: Apache-2.0
/** What the tree means: options with their types and places, stanzas of bundles, and warnings about what is likely wrong. */
package org.postern.config.store.meaning;
