// SPDX-License-Identifier: Apache-2.0
/** The stanza language: files, characters, tokens and the tree they make. Nothing here knows an option by name. */
package org.postern.config.store.language;
