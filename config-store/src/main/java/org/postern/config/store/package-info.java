// SPDX-License-Identifier: Apache-2.0
/**
 * The configuration that is in force: when files are read again, who is told, and the operator's verbs.
 *
 * <p>{@code language} turns files into a tree and knows no option; {@code meaning} reads the tree with the vocabularies of
 * the installed bundles; this package puts the result in force.
 */
package org.postern.config.store;
